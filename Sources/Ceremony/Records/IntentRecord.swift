// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto

/// What is about to be signed; durable before the token sees a byte of it.
public struct IntentRecord: HomeRecord {
    /// One certificate about to be signed.
    public struct Item: Hashable, Sendable {
        /// The item's number in the batch.
        public let number: UInt64
        /// The certificate's serial.
        public let serial: UInt64
        /// The SHA-256 of the to-be-signed bytes.
        public let toBeSigned: SHA256Digest

        /// Names a certificate about to be signed.
        public init(number: UInt64, serial: UInt64, toBeSigned: SHA256Digest) {
            self.number = number
            self.serial = serial
            self.toBeSigned = toBeSigned
        }
    }

    /// The batch.
    public let batch: SHA256Digest
    /// The certificates, in the order in which the token will sign them.
    public let items: [Item]

    /// Records an intent.
    public init(batch: SHA256Digest, items: [Item]) {
        self.batch = batch
        self.items = items
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.intent)
        draft.field("batch", batch.hex)
        for item in items {
            draft.field("sign", "\(item.number) \(item.serial) \(item.toBeSigned.hex)")
        }
        draft.handles = handles
        return draft
    }

    /// What the entry is found by.
    public var handles: [LedgerHandle] { [.intent(batch)] }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let items = reader.repeated("sign").compactMap { field in
            reader.value(field, expected: "an item number, a serial and a SHA-256") { text in
                Self.item(text)
            }
        }
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch else { throw Violations(violations) }
        self.init(batch: batch, items: items)
    }

    private static func item(_ text: String) -> Item? {
        // Texts are searched for a byte in a tenth of the time that a character takes.
        let space = UInt8(ascii: " ")
        guard let first = text.utf8.firstIndex(of: space),
            let last = text.utf8.lastIndex(of: space), first < last,
            let number = parseDecimal(text[..<first]),
            let serial = parseDecimal(text[text.utf8.index(after: first)..<last]),
            let digest = SHA256Digest(hex: text[text.utf8.index(after: last)...])
        else { return nil }
        return Item(number: number, serial: serial, toBeSigned: digest)
    }
}

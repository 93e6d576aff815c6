// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats

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
        draft.handles = [("intent", batch.hex)]
        return draft
    }

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
        let violations = reader.finish()
        guard violations.isEmpty, let batch else { throw Violations(violations) }
        self.init(batch: batch, items: items)
    }

    private static func item(_ text: String) -> Item? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let number = parseDecimal(parts[0]),
            let serial = parseDecimal(parts[1]), let digest = SHA256Digest(hex: parts[2])
        else { return nil }
        return Item(number: number, serial: serial, toBeSigned: digest)
    }
}

/// A certificate that was signed, verified and compared with its approved bytes.
public struct IssuedRecord: HomeRecord {
    /// The batch.
    public let batch: SHA256Digest
    /// The item's number in the batch.
    public let number: UInt64
    /// The authority that certified.
    public let authority: String
    /// The request that was answered.
    public let request: SHA256Digest
    /// The certificate.
    public let certificate: Certificate

    /// Records a certificate.
    public init(
        batch: SHA256Digest, number: UInt64, authority: String, request: SHA256Digest,
        certificate: Certificate
    ) {
        self.batch = batch
        self.number = number
        self.authority = authority
        self.request = request
        self.certificate = certificate
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.issued)
        draft.field("batch", batch.hex)
        draft.field("item", String(number))
        draft.field("authority", authority)
        draft.field("request", request.hex)
        draft.field("certificate", certificate.line())
        let fields = certificate.fields
        draft.handles = [
            ("serial", "\(authority) \(fields.serial)"), ("serial", String(fields.serial)),
            ("key-id", fields.keyID), ("fingerprint", fields.publicKey.fingerprint),
            ("issued", request.hex),
        ]
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let number = reader.number("item")
        let authority = reader.text("authority")
        let request = reader.digest("request")
        let certificate = reader.value(
            reader.required("certificate"), expected: "a certificate"
        ) { line -> Certificate? in
            do throws(FormatError) {
                return try Certificate(line: line)
            } catch {
                return nil
            }
        }
        let violations = reader.finish()
        guard violations.isEmpty, let batch, let number, let authority, let request,
            let certificate
        else { throw Violations(violations) }
        self.init(
            batch: batch, number: number, authority: authority, request: request,
            certificate: certificate)
    }
}

/// A revocation list that was released.
public struct RevocationListRecord: HomeRecord {
    /// The batch that released it.
    public let batch: SHA256Digest
    /// Its version.
    public let version: UInt64
    /// The SHA-256 of the list, which the ledger keeps.
    public let list: SHA256Digest
    private let contents: [Content]

    /// Records a released list.
    public init(batch: SHA256Digest, version: UInt64, list: [UInt8]) {
        let content = Content(list)
        self.batch = batch
        self.version = version
        self.list = content.digest
        contents = [content]
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.krl)
        draft.field("batch", batch.hex)
        draft.field("version", String(version))
        draft.field("list", list.hex)
        draft.contents = contents
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let version = reader.number("version")
        let list = reader.digest("list")
        let violations = reader.finish()
        guard violations.isEmpty, let batch, let version, let list else {
            throw Violations(violations)
        }
        self.batch = batch
        self.version = version
        self.list = list
        contents = []
    }
}

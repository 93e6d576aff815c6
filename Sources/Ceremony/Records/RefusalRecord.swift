// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
public import SSHCrypto

/// A file that intake refused, with the rules that it broke.
public struct RefusalRecord: HomeRecord {
    /// The name that the file had in the spool.
    public let name: String
    /// The SHA-256 of the file; nil where it could not be read.
    public let file: SHA256Digest?
    /// Each violation: rule, and message.
    public let violations: [String]

    /// Records a refusal.
    public init(name: String, file: SHA256Digest?, violations: [String]) {
        self.name = name
        self.file = file
        self.violations = violations
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.refusal)
        draft.field("name", name)
        if let file { draft.field("file", file.hex) }
        for violation in violations { draft.field("message", violation) }
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let name = reader.text("name")
        let file = reader.value(reader.optional("file"), expected: "a SHA-256") {
            SHA256Digest(hex: $0)
        }
        violations = reader.repeated("message").map(\.value)
        let faults = reader.finishInOrder()
        guard faults.isEmpty, let name else { throw Violations(faults) }
        self.name = name
        self.file = file
    }
}

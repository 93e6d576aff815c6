// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// A batch that was drafted; with this entry its serials are used up.
public struct BatchRecord: HomeRecord {
    /// The batch's ID: the SHA-256 of the manifest, which the ledger keeps.
    public let batch: SHA256Digest
    /// Its number in this home.
    public let number: UInt64
    private let manifest: BatchManifest?

    /// Records a drafted batch.
    public init(_ manifest: BatchManifest) {
        batch = manifest.id
        number = manifest.header.number
        self.manifest = manifest
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.batch)
        draft.field("batch", batch.hex)
        draft.field("number", String(number))
        draft.handles = [.batch(batch), .batchNumber(number)]
        if let manifest { draft.contents = [Content(manifest.text)] }
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let number = reader.number("number")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let number else { throw Violations(violations) }
        self.batch = batch
        self.number = number
        manifest = nil
    }
}

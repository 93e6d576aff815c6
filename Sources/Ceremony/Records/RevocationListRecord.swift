// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto

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
        draft.handles = [.listVersion(version)]
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
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let version, let list else {
            throw Violations(violations)
        }
        self.batch = batch
        self.version = version
        self.list = list
        contents = []
    }
}

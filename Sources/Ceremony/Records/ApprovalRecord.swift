// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// An approval that was accepted.
public struct ApprovalRecord: HomeRecord {
    /// The batch that is approved.
    public let batch: SHA256Digest
    /// The officer who approved.
    public let officer: String
    /// The fingerprint of the key that signed.
    public let key: String
    /// The SHA-256 of the armored signature, which the ledger keeps.
    public let signature: SHA256Digest
    private let contents: [Content]

    /// Records an approval.
    public init(_ approval: Approval, batch: SHA256Digest) {
        let content = Content(approval.armored)
        self.batch = batch
        officer = approval.officer
        key = approval.key.fingerprint
        signature = content.digest
        contents = [content]
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.approval)
        draft.field("batch", batch.hex)
        draft.field("officer", officer)
        draft.field("key", key)
        draft.field("signature", signature.hex)
        draft.contents = contents
        draft.handles = [.approvals(batch), .approver(key)]
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let officer = reader.text("officer")
        let key = reader.text("key")
        let signature = reader.digest("signature")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let officer, let key, let signature else {
            throw Violations(violations)
        }
        self.batch = batch
        self.officer = officer
        self.key = key
        self.signature = signature
        contents = []
    }
}

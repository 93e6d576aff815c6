// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// A rejection, which stops its batch.
public struct RejectionRecord: HomeRecord {
    /// The batch that is rejected.
    public let batch: SHA256Digest
    /// The officer who rejected.
    public let officer: String
    /// Why.
    public let reason: String
    /// The SHA-256 of the signed text, which the ledger keeps.
    public let text: SHA256Digest
    /// The SHA-256 of the armored signature, which the ledger keeps.
    public let signature: SHA256Digest
    private let contents: [Content]

    /// Records a rejection.
    public init(_ rejection: Rejection) {
        let parts = [Content(rejection.bytes), Content(rejection.armored)]
        batch = rejection.text.batch
        officer = rejection.officer
        reason = rejection.text.reason
        text = parts[0].digest
        signature = parts[1].digest
        contents = parts
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.rejection)
        draft.field("batch", batch.hex)
        draft.field("officer", officer)
        draft.field("reason", reason)
        draft.field("text", text.hex)
        draft.field("signature", signature.hex)
        draft.contents = contents
        draft.handles = [.approvals(batch)]
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let officer = reader.text("officer")
        let reason = reader.text("reason")
        let text = reader.digest("text")
        let signature = reader.digest("signature")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let officer, let reason, let text, let signature
        else { throw Violations(violations) }
        self.batch = batch
        self.officer = officer
        self.reason = reason
        self.text = text
        self.signature = signature
        contents = []
    }
}

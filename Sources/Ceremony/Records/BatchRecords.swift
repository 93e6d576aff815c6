// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto
import SSHFormats

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
        draft.handles = [("batch", batch.hex), ("batch-number", String(number))]
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
        let violations = reader.finish()
        guard violations.isEmpty, let batch, let number else { throw Violations(violations) }
        self.batch = batch
        self.number = number
        manifest = nil
    }
}

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
        draft.handles = [("approvals", batch.hex)]
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
        let violations = reader.finish()
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
        draft.handles = [("approvals", batch.hex)]
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
        let violations = reader.finish()
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

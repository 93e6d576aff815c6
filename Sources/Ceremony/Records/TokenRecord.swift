// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
public import SSHCrypto

/// An interrupted ceremony went on with another token that holds the same CA key.
///
/// What it says is what the opening of a ceremony says of its tokens.
public struct TokenRecord: HomeRecord {
    /// The batch, and the tokens that it goes on with.
    public let ceremony: CeremonyOpenedRecord

    /// The batch.
    public var batch: SHA256Digest { ceremony.batch }
    /// The tokens.
    public var devices: [CeremonyOpenedRecord.Device] { ceremony.devices }

    /// Records with which tokens a ceremony goes on.
    public init(_ ceremony: CeremonyOpenedRecord) {
        self.ceremony = ceremony
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = ceremony.draft
        draft.kind = .token
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        ceremony = try CeremonyOpenedRecord(entry)
    }
}

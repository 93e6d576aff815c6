// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto

/// A ceremony ended: everything in its batch was done.
public struct CeremonyClosedRecord: HomeRecord {
    /// The batch that was carried out.
    public let batch: SHA256Digest
    /// The number of certificates signed.
    public let certificates: UInt64
    /// The digest of the state that decides, after this ceremony.
    public let state: SHA256Digest

    /// Records the end of a ceremony.
    public init(batch: SHA256Digest, certificates: UInt64, state: SHA256Digest) {
        self.batch = batch
        self.certificates = certificates
        self.state = state
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.ceremonyClosed)
        draft.field("batch", batch.hex)
        draft.field("certificates", String(certificates))
        draft.field("state", state.hex)
        draft.handles = [("ceremony", batch.hex)]
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let certificates = reader.number("certificates")
        let state = reader.digest("state")
        let violations = reader.finish()
        guard violations.isEmpty, let batch, let certificates, let state else {
            throw Violations(violations)
        }
        self.init(batch: batch, certificates: certificates, state: state)
    }
}

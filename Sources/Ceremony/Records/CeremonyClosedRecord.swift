// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// A ceremony ended: everything in its batch was done, or the rest of it was given up.
public struct CeremonyClosedRecord: HomeRecord {
    /// What was given up, and by whose decision.
    public struct Abandonment: Hashable, Sendable {
        /// The batch whose approvals decided it.
        public let by: SHA256Digest
        /// The serials that nobody will ever sign.
        public let serials: [AuthoritySerials]

        /// States what was given up.
        public init(by: SHA256Digest, serials: [AuthoritySerials]) {
            self.by = by
            self.serials = serials
        }
    }

    /// The batch that was carried out, as a whole or in part.
    public let batch: SHA256Digest
    /// The number of certificates signed.
    public let certificates: UInt64
    /// What was given up; nil where everything was done.
    public let abandonment: Abandonment?
    /// The digest of the state that decides, after this ceremony.
    public let state: SHA256Digest
    private let contents: [Content]

    /// Records the end of a ceremony.
    public init(
        batch: SHA256Digest, certificates: UInt64, abandonment: Abandonment? = nil,
        state: StateText
    ) {
        let content = Content(state.bytes)
        self.batch = batch
        self.certificates = certificates
        self.abandonment = abandonment
        self.state = content.digest
        contents = [content]
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.ceremonyClosed)
        draft.field("batch", batch.hex)
        draft.field("certificates", String(certificates))
        if let abandonment {
            draft.field("abandoned-by", abandonment.by.hex)
            for serials in abandonment.serials { draft.field("abandoned", serials.text) }
        }
        draft.field("state", state.hex)
        draft.contents = contents
        draft.handles = [.ceremony(batch)]
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let certificates = reader.number("certificates")
        let by = reader.value(
            reader.optional("abandoned-by"), expected: "a SHA-256 of 64 lower-case hex digits"
        ) { SHA256Digest(hex: $0) }
        let serials = reader.repeated("abandoned").compactMap { field in
            reader.value(field, expected: "an authority and serials N or N-M") {
                AuthoritySerials(text: $0)
            }
        }
        if (by == nil) != serials.isEmpty {
            reader.report(
                Violation(.recordText, "abandoned-by and abandoned belong together"))
        }
        let state = reader.digest("state")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let certificates, let state else {
            throw Violations(violations)
        }
        self.batch = batch
        self.certificates = certificates
        abandonment = by.map { Abandonment(by: $0, serials: serials) }
        self.state = state
        contents = []
    }
}

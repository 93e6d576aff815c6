// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto

/// An entry of a home that was examined by itself: its record is read, the texts that it names are
/// what their names say, and a request among them is signed by the key that it is for.
///
/// Nothing of this takes the entries before it: it can be done on all cores, and a state only
/// follows. There is no other way to a value than the examination.
public struct ExaminedEntry: Sendable {
    /// What an entry says, with the texts that it takes to follow it; in one place, to be handed on.
    indirect enum Matter: Sendable {
        case request(RequestRecord, HomeState.AdmittedEntry)
        case batch(BatchRecord, BatchManifest)
        case approval(ApprovalRecord, signature: [UInt8])
        case rejection(RejectionRecord, text: [UInt8], signature: [UInt8])
        case ceremonyOpened(CeremonyOpenedRecord)
        case token(TokenRecord)
        case intent(IntentRecord)
        case issued(IssuedRecord)
        case revocationList(RevocationListRecord, list: [UInt8])
        case epoch(EpochRecord, digest: SHA256Digest)
        case ceremonyClosed(CeremonyClosedRecord)
        /// What changes no state.
        case remark(any HomeRecord)
        /// What stands at the beginning alone, or nowhere yet.
        case unexpected((any HomeRecord)?)
    }

    /// What the entry says.
    let matter: Matter
    /// Where the entry stands, and when it was made.
    let stamp: EntryStamp
    /// What kind of entry it is.
    public let kind: EntryKind
    /// The entry's leaf in the tree.
    let leafHash: SHA256Digest

    /// Examines an entry.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - leafHash: Its leaf in the tree, where it is known.
    ///   - content: The texts that entries name.
    /// - Throws: `Violations` where the record, or a text that it names, is not as it must be.
    public init(
        _ entry: LedgerEntry, leafHash: SHA256Digest? = nil, content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        matter = try Matter(entry, content)
        stamp = entry.stamp
        kind = entry.kind
        self.leafHash = leafHash ?? entry.leafHash
    }

    /// The record of an entry that records a certificate; nil for others.
    public var issued: IssuedRecord? {
        if case .issued(let record) = matter { record } else { nil }
    }

    /// What the entry is found by, so far as its record and the texts that it names say it.
    public var handles: [LedgerHandle] {
        // To find out what a record is takes longer than to ask a certificate's.
        switch matter {
        case .issued(let record): record.handles
        case .request(_, let admitted): RequestRecord.handles(of: admitted.request)
        default: record?.handles ?? []
        }
    }

    /// What the entry records; nil for kinds that no home has recorded.
    public var record: (any HomeRecord)? {
        switch matter {
        case .request(let record, _): record
        case .batch(let record, _): record
        case .approval(let record, _): record
        case .rejection(let record, _, _): record
        case .ceremonyOpened(let record): record
        case .token(let record): record
        case .intent(let record): record
        case .issued(let record): record
        case .revocationList(let record, _): record
        case .epoch(let record, _): record
        case .ceremonyClosed(let record): record
        case .remark(let record): record
        case .unexpected(let record): record
        }
    }
}

extension ExaminedEntry.Matter {
    fileprivate init(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        func text(_ digest: SHA256Digest, _ what: String) throws(Violations) -> [UInt8] {
            try HomeState.require(digest, what, content)
        }
        switch entry.kind {
        case .request:
            let record = try RequestRecord(entry)
            self = .request(
                record,
                try HomeState.AdmittedEntry(
                    record, file: text(record.file, "request"), entry: entry.index))
        case .batch:
            let record = try BatchRecord(entry)
            self = .batch(
                record, try BatchManifest(text: text(record.batch, "batch manifest")))
        case .approval:
            let record = try ApprovalRecord(entry)
            self = .approval(record, signature: try text(record.signature, "approval"))
        case .rejection:
            let record = try RejectionRecord(entry)
            self = .rejection(
                record, text: try text(record.text, "rejection"),
                signature: try text(record.signature, "rejection signature"))
        case .ceremonyOpened: self = .ceremonyOpened(try CeremonyOpenedRecord(entry))
        case .token: self = .token(try TokenRecord(entry))
        case .intent: self = .intent(try IntentRecord(entry))
        case .issued: self = .issued(try IssuedRecord(entry))
        case .krl:
            let record = try RevocationListRecord(entry)
            self = .revocationList(record, list: try text(record.list, "revocation list"))
        case .epoch: self = .epoch(try EpochRecord(entry), digest: entry.digest)
        case .ceremonyClosed:
            let record = try CeremonyClosedRecord(entry)
            _ = try text(record.state, "state")
            self = .ceremonyClosed(record)
        case .refusal: self = .remark(try RefusalRecord(entry))
        case .exception: self = .remark(try ExceptionRecord(entry))
        case .genesis: self = .unexpected(try GenesisRecord(entry))
        case .roster, .policy, .key: self = .unexpected(nil)
        }
    }
}

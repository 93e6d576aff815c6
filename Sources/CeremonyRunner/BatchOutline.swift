// SPDX-License-Identifier: Apache-2.0
public import Ceremony
public import Documents
import Ledger
import LedgerStore
public import SSHCrypto

/// What became of a batch, from the few entries that say so, without its items.
public struct BatchOutline: Sendable {
    /// An approval that was recorded.
    public struct Approval: Sendable {
        /// The officer.
        public let officer: String
        /// The fingerprint of the key that signed.
        public let key: String
        /// The entry.
        public let entry: UInt64
    }

    /// The batch's number.
    public let number: UInt64
    /// The SHA-256 of the manifest.
    public let id: SHA256Digest
    /// The entry that drafted it.
    public let entry: UInt64
    /// When it was drafted.
    public let drafted: UnixTime
    /// The approvals, in the order of the ledger.
    public private(set) var approvals: [Approval] = []
    /// Whether an officer rejected it.
    public private(set) var isRejected = false
    /// The opening of its ceremony.
    public private(set) var opened: (record: CeremonyOpenedRecord, time: UnixTime)?
    /// The end of its ceremony.
    public private(set) var closed: (record: CeremonyClosedRecord, entry: UInt64, time: UnixTime)?
    /// The tokens that took part, each with the entry that says so.
    public private(set) var devices: [(device: CeremonyOpenedRecord.Device, entry: UInt64)] = []

    /// Reads what the ledger says of a batch.
    ///
    /// - Throws: `RunnerError` where it has no such batch; what the ledger throws.
    init(_ id: SHA256Digest, in store: LedgerStore) throws {
        let drafts = try store.find(.batch(id)).map { try store.provenEntry(at: $0) }
            .filter { try $0.kind == .batch && BatchRecord($0).batch == id }
        guard let draft = drafts.first else {
            throw RunnerError.damaged("the ledger has no batch \(id.hex)")
        }
        let record = try BatchRecord(draft)
        number = record.number
        self.id = id
        entry = draft.index
        drafted = draft.time
        // A look-up table may lead to the same entry by both.
        for index in Set(try store.find(.approvals(id)) + store.find(.ceremony(id))).sorted() {
            try take(try store.provenEntry(at: index))
        }
    }

    private mutating func take(_ entry: LedgerEntry) throws {
        switch entry.kind {
        case .approval:
            let record = try ApprovalRecord(entry)
            guard record.batch == id else { return }
            approvals.append(
                Approval(officer: record.officer, key: record.key, entry: entry.index))
        case .rejection: isRejected = try RejectionRecord(entry).batch == id || isRejected
        case .ceremonyOpened:
            let record = try CeremonyOpenedRecord(entry)
            guard record.batch == id else { return }
            opened = (record, entry.time)
            devices += record.devices.map { ($0, entry.index) }
        case .token:
            let record = try TokenRecord(entry)
            guard record.batch == id else { return }
            devices += record.devices.map { ($0, entry.index) }
        case .ceremonyClosed:
            let record = try CeremonyClosedRecord(entry)
            guard record.batch == id else { return }
            closed = (record, entry.index, entry.time)
        default: return
        }
    }

    /// The phase at this time of a batch that expires then, in a home with these epochs.
    public func phase(
        at time: UnixTime, expires: UnixTime, epochs: EpochState
    ) -> BatchState.Phase {
        if let closed { return closed.record.abandonment == nil ? .closed : .abandoned }
        if opened != nil { return .open }
        if isRejected { return .rejected }
        if epochs.begun.contains(where: { $0.entry > entry }) { return .superseded }
        return time >= expires ? .expired : .gathering
    }
}

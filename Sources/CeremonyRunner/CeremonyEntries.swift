// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto

/// What the ledger says of one batch, from its drafting to the end of its ceremony.
///
/// It is read from the entries between these two and the texts that they name, and from nothing else:
/// the same ledger tells the same whenever it is asked, however much it has grown since.
struct CeremonyEntries {
    /// The manifest.
    let manifest: BatchManifest
    /// The roster that the manifest names.
    let roster: Roster
    /// The entry that drafted the batch.
    let drafted: LedgerEntry
    /// The approvals that were accepted.
    private(set) var approvals: [(approval: Approval, entry: LedgerEntry)] = []
    /// The opening of the ceremony.
    private(set) var opened: (record: CeremonyOpenedRecord, entry: LedgerEntry)?
    /// The tokens that took part, each with the entry that says so.
    private(set) var devices: [(device: CeremonyOpenedRecord.Device, entry: LedgerEntry)] = []
    /// The certificates that were issued, by item number.
    private(set) var issued: [UInt64: LedgerEntry] = [:]
    /// The release of the batch's revocation list.
    private(set) var list: LedgerEntry?
    /// The beginning of the epoch that the batch decides.
    private(set) var epoch: LedgerEntry?
    /// The exceptions that somebody confirmed in between, whatever they are about.
    private(set) var exceptions: [(record: ExceptionRecord, entry: LedgerEntry)] = []
    /// The end of the ceremony.
    private(set) var closed: (record: CeremonyClosedRecord, entry: LedgerEntry)?

    /// Reads on from the entry that drafted a batch.
    ///
    /// - Throws: `RunnerError` where the batch has no ceremony that has ended; what the ledger throws.
    init(_ ledger: StoredLedger, draftedBy drafted: LedgerEntry) throws {
        self.drafted = drafted
        let record = try BatchRecord(drafted)
        manifest = try BatchManifest(text: ledger.content(record.batch))
        roster = try Roster(text: ledger.content(manifest.header.roster))
        let ends = try ledger.store.find(.ceremony(record.batch)).filter { index in
            guard index > drafted.index else { return false }
            let entry = try ledger.store.entry(at: index)
            return try entry.kind == .ceremonyClosed
                && CeremonyClosedRecord(entry).batch == record.batch
        }
        guard let last = ends.last else {
            throw RunnerError.refused(
                subject: "batch \(record.number)",
                [
                    Violation(
                        .batchUnknown, "it has no ceremony that has ended, and so no report",
                        hint: "see: conclave batch list")
                ])
        }
        for index in drafted.index...last {
            try take(ledger.store.entry(at: index), ledger)
        }
    }

    private mutating func take(_ entry: LedgerEntry, _ ledger: StoredLedger) throws {
        switch entry.kind {
        case .approval:
            let record = try ApprovalRecord(entry)
            guard record.batch == manifest.id else { return }
            let approval = try Approval(
                armored: ledger.content(record.signature), manifest: manifest, roster: roster)
            approvals.append((approval, entry))
        case .ceremonyOpened:
            let record = try CeremonyOpenedRecord(entry)
            guard record.batch == manifest.id else { return }
            opened = (record, entry)
            devices += record.devices.map { ($0, entry) }
        case .token:
            let record = try TokenRecord(entry)
            guard record.batch == manifest.id else { return }
            devices += record.devices.map { ($0, entry) }
        case .issued:
            let record = try IssuedRecord(entry)
            if record.batch == manifest.id { issued[record.number] = entry }
        case .krl:
            if try RevocationListRecord(entry).batch == manifest.id { list = entry }
        case .epoch:
            if try EpochRecord(entry).batch == manifest.id { epoch = entry }
        case .ceremonyClosed:
            let record = try CeremonyClosedRecord(entry)
            if record.batch == manifest.id { closed = (record, entry) }
        case .exception: exceptions.append((try ExceptionRecord(entry), entry))
        default: break
        }
    }
}

extension StoredLedger {
    /// The entry that drafted the batch that a person names: by its number, or by the beginning of
    /// its ID.
    ///
    /// - Throws: `RunnerError` where there is none, or more than one; what the ledger throws.
    func drafting(of name: String) throws -> LedgerEntry {
        var found: [UInt64] = []
        if let number = parseDecimal(name), name.utf8.count < 16 {
            found = try store.find(.batchNumber(number)).filter {
                try batch(draftedBy: $0)?.number == number
            }
        } else if name.utf8.count >= 8 {
            found = try store.find(.batch, beginning: name).filter {
                try batch(draftedBy: $0)?.batch.hex.hasPrefix(name) == true
            }
        }
        guard found.count == 1, let index = found.first else {
            throw RunnerError.refused(
                subject: "batch \(quoted(name))",
                [
                    Violation(
                        .batchUnknown,
                        found.isEmpty
                            ? "it is not one of this home's"
                            : "\(found.count) batches begin so",
                        hint: "see: conclave batch list")
                ])
        }
        return try store.entry(at: index)
    }

    /// What an entry says that drafts a batch; nil where it drafts none.
    private func batch(draftedBy index: UInt64) throws -> BatchRecord? {
        let entry = try store.entry(at: index)
        return entry.kind == .batch ? try BatchRecord(entry) : nil
    }

    /// The bytes that an entry names.
    ///
    /// - Throws: `RunnerError` where the ledger does not keep them; what the ledger throws.
    func content(_ digest: SHA256Digest) throws -> [UInt8] {
        guard let bytes = try store.content(digest) else {
            throw RunnerError.damaged("the ledger names content \(digest.hex) and does not keep it")
        }
        return bytes
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import Ledger
public import SSHCrypto
import SSHFormats

/// A new epoch of serials: what was lost with a disk cannot come back, and what may have been signed
/// is revoked.
extension HomeState {
    /// The checkpoints that a quorum gave up with a new epoch, in order: whoever sees one of them
    /// ahead of this ledger passes over it.
    public var givenUpAnchors: [(size: UInt64, root: SHA256Digest)] {
        epochs.anchors.map { ($0.size, $0.root) }
    }

    /// The epoch of the home's serials; 0 at first.
    public var epoch: UInt16 { nextSerials.values.map { SerialNumber($0).epoch }.max() ?? 0 }

    /// The epoch that begins next: behind the one that lost serials had come to, where that is known, as
    /// far as one step leads.
    public func nextEpoch(behind lost: UInt64?) -> UInt16 {
        Self.nextEpoch(from: epoch, behind: lost)
    }

    private static func nextEpoch(from epoch: UInt16, behind lost: UInt64?) -> UInt16 {
        let (first, last) = (UInt64(epoch) + 1, UInt64(epoch) + UInt64(NewEpochItem.maximumStep))
        let wanted = lost.map { $0 < last ? $0 + 1 : last } ?? first
        return UInt16(clamping: max(first, wanted))
    }

    /// The items that begin a new epoch of every authority as the home stands: the next, or the one
    /// behind `lost`.
    ///
    /// - Throws: `Violations` of `CEREMONY-OPEN` and `EPOCH-LIMIT`.
    func newEpoch(
        reason: String, givingUp anchors: [NewEpochItem.Anchor], behind lost: UInt64?
    ) throws(Violations) -> [NewEpochItem] {
        if let open = openCeremony { throw Violations(open) }
        return try beginnings(reason: reason, givingUp: anchors, behind: lost)
    }

    private func beginnings(
        reason: String, givingUp anchors: [NewEpochItem.Anchor], behind lost: UInt64?
    ) throws(Violations) -> [NewEpochItem] {
        var items: [NewEpochItem] = []
        for authority in policy.authorities.map(\.name) {
            let next = SerialNumber(nextSerials[authority] ?? 1)
            let epoch = Self.nextEpoch(from: next.epoch, behind: lost)
            guard epoch > next.epoch else {
                throw Violations(
                    Violation(
                        .epochLimit,
                        "epoch \(next.epoch) of \(authority) is the last, \(SerialNumber.lastEpoch)",
                        hint: "found a new home, with new CA keys"))
            }
            items.append(
                NewEpochItem(
                    authority: authority, riskClass: roster.strictestClass, epoch: epoch,
                    givenUp: epochs.givenUp(of: authority, next: next.serial, before: epoch),
                    anchors: anchors, reason: reason))
        }
        return items
    }

    /// The epoch whose entry governed a batch when it was drafted; nil where the genesis did.
    public func governingEpoch(of batch: BatchState) -> EpochState.Beginning? {
        epochs.begun.last { $0.entry < batch.entry }
    }

    /// That a ceremony began and has not ended; nil where none is under way.
    private var openCeremony: Violation? {
        batches.first { $0.opened != nil && $0.closed == nil }.map { batch in
            Violation(
                .ceremonyOpen, "the ceremony of batch \(batch.number) is not finished",
                hint:
                    "finish it first: conclave sign \(batch.number); or, where its token is lost, "
                    + "abandon it: conclave batch abandon \(batch.number)")
        }
    }

    /// Why the next batch cannot be drafted as this manifest says; nil where it can.
    func epochDraftFault(of batch: BatchState) -> Violation? {
        guard !batch.manifest.newEpochs.isEmpty else { return nil }
        return openCeremony ?? epochFaults(of: batch).first
    }

    /// What of a batch that begins an epoch does not fit the home as it stands.
    func epochFaults(of batch: BatchState) -> [Violation] {
        let items = batch.manifest.newEpochs
        guard let first = items.first else { return [] }
        let needed: [NewEpochItem]
        do throws(Violations) {
            needed = try beginnings(
                reason: first.reason, givingUp: first.anchors, behind: UInt64(first.epoch) - 1)
        } catch {
            return error.all
        }
        let hint = "reject the batch, and find out what drafted it"
        guard items.map(\.authority) == needed.map(\.authority),
            items.map(\.epoch) == needed.map(\.epoch)
        else {
            return [
                Violation(
                    .batchDerived,
                    "item 1: the batch does not begin one of the next "
                        + "\(NewEpochItem.maximumStep) epochs of every authority, in the "
                        + "policy's order: \(needed.map(\.summary).joined(separator: ", "))",
                    hint: hint)
            ]
        }
        for (place, (item, next)) in zip(items, needed).enumerated() {
            if item.riskClass != next.riskClass {
                return [
                    Violation(
                        .batchDerived,
                        "item \(place + 1): class \(quoted(item.riskClass)) is not the strictest of "
                            + "the roster, \(quoted(next.riskClass))", hint: hint)
                ]
            }
            if item.givenUp != next.givenUp {
                return [
                    Violation(
                        .batchOvertaken,
                        "item \(place + 1): \(item.authority) has other serials without a certificate "
                            + "now: \(next.givenUp.map(\.text).joined(separator: ", "))",
                        hint: "reject this batch; draft the epoch anew: conclave batch new-epoch")
                ]
            }
        }
        let riskClass = roster.revocationClass
        guard items.flatMap({ $0.revocations(riskClass: riskClass) }) == batch.manifest.revocations
        else {
            return [
                Violation(
                    .batchDerived,
                    "item 1: the batch does not revoke the serials that it gives up, and them alone",
                    hint: hint)
            ]
        }
        return []
    }

    /// Takes in that an epoch began: the serials go on in it, and no batch that was drafted before
    /// can be carried out any more.
    mutating func applyEpoch(
        _ entry: EntryStamp, _ record: EpochRecord, _ digest: SHA256Digest
    ) throws(Violations) {
        guard let place = batches.lastIndex(where: { $0.manifest.id == record.batch }) else {
            throw epochFault(entry, "it names a batch that is not there")
        }
        if let message = batches[place].beginEpoch(record, entry: entry) {
            throw epochFault(entry, message)
        }
        let batch = batches[place]
        for authority in record.authorities { nextSerials[authority.name] = authority.nextSerial }
        governingHead = digest
        epochs.begin(
            EpochState.Beginning(entry: entry.index, batch: batch.number),
            givingUp: batch.manifest.newEpochs.first?.anchors ?? [])
        for other in batches.indices
        where [.gathering, .expired].contains(batches[other].phase(at: entry.time)) {
            batches[other].supersede(by: batch.number)
        }
    }

    private func epochFault(_ entry: EntryStamp, _ message: String) -> Violations {
        Violations(Violation(.recordText, "entry \(entry.index): \(message)"))
    }

    /// That a new epoch began since a batch was drafted.
    public func superseded(_ batch: BatchState) -> Violation {
        Violation(
            .batchGoverning,
            "batch \(batch.number) was drafted before batch \(batch.supersededBy ?? 0) began a new "
                + "epoch of serials",
            hint: "draft a new batch; its requests are free again")
    }
}

extension NewEpochItem {
    /// The authority and its epoch, in a message.
    fileprivate var summary: String { "epoch \(epoch) of \(authority)" }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The state to which a bundle's entries lead, by the same rules as those of a whole ledger.
///
/// Where nothing tells the state before them, it begins with what the entries leave open: whatever the
/// first state that they record says of what came before. All else follows from the entries.
struct StateReplay {
    private var replay: LedgerReplay
    private let first: UInt64
    /// The state before the entries, where it is known.
    private let before: RecordedState?
    /// Whether the state is complete: from the beginning, or since the first state was recorded.
    private var isComplete: Bool
    /// The batches of which the entries tell and whose manifests are not there.
    private var strangers: Set<SHA256Digest> = []
    /// The entries of approvals of batches that are not known.
    private var approvals: [SHA256Digest: [UInt64]] = [:]
    /// The requests that were answered and not admitted here.
    private var answered: Set<SHA256Digest> = []
    /// The anchors that were given up by an epoch that began here.
    private var anchors: [NewEpochItem.Anchor] = []

    /// Begins before the first of the entries.
    ///
    /// - Parameters:
    ///   - first: The place of the first entry.
    ///   - before: The state before it, where that is known.
    ///   - batch: The batch whose ceremony the bundle is of.
    ///   - content: The texts that entries name.
    init(
        first: UInt64, before: RecordedState?, batch: ManifestedBatch,
        content: @escaping (SHA256Digest) -> [UInt8]?
    ) {
        self.first = first
        self.before = before
        replay = LedgerReplay(verifiesCertificates: false, content: content)
        isComplete = first == 0 || before != nil
        replay.state = before?.state
        let entry = batch.manifest.header.ledgerSize
        guard first > 0, entry < first else { return }
        replay.open[batch.manifest.id] = LedgerReplay.OpenBatch(
            batch: batch, history: CeremonyHistory(batch), entry: entry)
    }

    /// Begins with what the first recorded state says of what came before the entries.
    mutating func assume(
        _ recorded: DecidingState, list: (version: UInt64, digest: SHA256Digest), drafted: UInt64?
    ) {
        var state = recorded
        state.batches = drafted.map { $0 &- 1 } ?? state.batches
        state.nextSerials = [:]
        (state.listVersion, state.list) = (list.version, list.digest)
        state.abandonments = []
        state.revoked = []
        state.epochs = EpochLedger(
            begun: state.epochs.begun.filter { $0.entry < first }, anchors: [],
            unissued: state.epochs.unissued)
        state.waiting = Self.part(of: state.waiting, before: first)
        replay.state = state
    }

    /// Takes in the next entry.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - rootBefore: The root of the tree over the entries before it.
    /// - Returns: What of the entry does not follow from the state before it, where that is known.
    mutating func take(
        _ entry: AuditTrail.Entry, rootBefore: () -> SHA256Digest?
    ) -> [LedgerReplay.Fault] {
        guard let record = entry.record else { return [] }
        switch record {
        case .approval(let batch, _, _) where replay.open[batch] == nil:
            approvals[batch, default: []].append(entry.index)
        case .issued(let issued) where replay.requests[PackedDigest(issued.request)] == nil:
            answered.insert(issued.request)
        default: break
        }
        if let batch = record.batch, replay.open[batch] == nil {
            switch record {
            case .batch, .approval, .rejection: break
            default: strangers.insert(batch)
            }
        }
        if case .epoch(let batch, _) = record {
            anchors += replay.open[batch]?.batch.manifest.newEpochs.first?.anchors ?? []
        }
        var contents: [SHA256Digest: [UInt8]] = [:]
        for digest in record.contents(of: entry.entry) { contents[digest] = replay.content(digest) }
        let wasComplete = isComplete && strangers.isEmpty
        replay.take(entry.entry, contents: contents) {
            rootBefore() ?? SHA256Digest(hashing: [])
        }
        guard wasComplete else { return [] }
        // Requests and batches from before the entries are known by number alone.
        let told: Set<RuleID> =
            first == 0
            ? [.manifest, .revocationList, .request, .ceremony] : [.manifest, .revocationList]
        return replay.faults.filter { told.contains($0.rule) }
    }

    /// What the recorded state should be after the entry that was taken in last; nil where nothing can
    /// be said of it.
    mutating func expected(_ recorded: RecordedState, at time: UnixTime) -> [UInt8]? {
        guard strangers.isEmpty else {
            // The ceremony of a batch that an earlier bundle holds: what it did is not known here.
            strangers = []
            isComplete = true
            replay.state = recorded.state
            return nil
        }
        if !isComplete { complete(from: recorded.state) }
        isComplete = true
        guard var state = replay.state else { return nil }
        if first > 0, let before { settle(before.state.waiting, recorded.state.waiting, &state) }
        replay.state = state
        let known = replay.underWay(at: time)
        let earlier = recorded.underWay.filter { batch in
            batch.entry < first && !known.contains { $0.entry == batch.entry } && canBe(batch)
        }
        return state.text(underWay: (earlier + known).sorted { $0.entry < $1.entry })
    }

    /// What the entries did not touch is as it was recorded.
    private mutating func complete(from recorded: DecidingState) {
        guard var state = replay.state else { return }
        state.abandonments =
            recorded.abandonments.dropLast(state.abandonments.count) + state.abandonments
        state.revoked = recorded.revoked.dropLast(state.revoked.count) + state.revoked
        state.nextSerials.merge(recorded.nextSerials) { own, _ in own }
        var given = recorded.epochs.anchors
        if !state.epochs.begun.contains(where: { $0.entry < first }) { given = [] }
        for anchor in anchors.reversed() where given.last == anchor { given.removeLast() }
        for anchor in anchors where !given.contains(anchor) { given.append(anchor) }
        state.epochs = EpochLedger(
            begun: state.epochs.begun, anchors: given, unissued: state.epochs.unissued)
        replay.state = state
    }

    /// Of the requests that waited before the entries, as many may be answered as were.
    private func settle(_ before: EntrySet, _ recorded: EntrySet, _ state: inout DecidingState) {
        var waiting = Self.part(of: recorded, before: first)
        guard before.count &- waiting.count <= UInt64(answered.count),
            waiting.ranges.allSatisfy({ range in
                before.ranges.contains {
                    $0.contains(range.lowerBound) && $0.contains(range.upperBound)
                }
            })
        else { return }
        for range in state.waiting.ranges where range.upperBound >= first {
            for entry in max(range.lowerBound, first)...range.upperBound { waiting.insert(entry) }
        }
        state.waiting = waiting
    }

    /// Whether a batch of which only the state tells may still be carried out.
    private func canBe(_ batch: RecordedState.Batch) -> Bool {
        let here = batch.approvals.drop { $0 < first }
        guard here.isEmpty || approvals.values.contains(where: { $0.starts(with: here) }) else {
            return false
        }
        guard let before else {
            let earlier = batch.approvals.prefix { $0 < first }
            return zip([batch.entry] + earlier, earlier).allSatisfy { $0 < $1 }
        }
        return before.underWay.contains {
            $0.entry == batch.entry && $0.approvals + here == batch.approvals
        }
    }

    private static func part(of set: EntrySet, before first: UInt64) -> EntrySet {
        var part = EntrySet()
        for range in set.ranges where range.lowerBound < first {
            _ = part.append(range.lowerBound...min(range.upperBound, first - 1))
        }
        return part
    }
}

extension StateReplay {
    /// The batches that published their list and have not ended.
    var pending: [BatchManifest] {
        replay.open.values.filter { $0.history.revocationList != nil }.map(\.batch.manifest)
    }

    /// The revocations that the list in force carries out.
    var revocations: [RevokeItem] {
        (replay.state?.revoked.map(\.item) ?? [])
            + pending.flatMap { ManifestedBatch.revocations(of: $0) }
    }
}

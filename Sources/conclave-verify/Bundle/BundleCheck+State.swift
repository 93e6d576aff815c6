// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The states that the entries record, held against those to which the entries lead.
extension BundleCheck {
    /// Checks each field of each state that an end of a ceremony records.
    ///
    /// What came before the entries is known from the bundle before, or there is nothing before them.
    /// Else it is taken from the state itself, as far as nothing here speaks against it.
    mutating func checkStates(
        _ trail: AuditTrail, batch: ManifestedBatch?, founding: Founding?, list: RevocationList?
    ) {
        guard findings.isSound, let founding, let batch, let list, let first = trail.first else {
            skip("the recorded state", for: "what it follows from is not sound")
            return
        }
        let before = first == 0 ? nil : stateBefore(first)
        let texts = files
        var replay = StateReplay(first: first, before: before, batch: batch) { digest in
            texts.files[Self.contentDirectory + digest.hex]?.bytes
                ?? (digest == batch.manifest.id ? batch.manifest.text : nil)
        }
        let recorded = readStates(trail, founding)
        guard findings.isSound else { return }
        if first > 0, before == nil, let state = recorded.first?.state.state {
            let digest = files.files[Self.revocationListPath]?.digest ?? state.list
            replay.assume(
                state, list: (list.version, digest), drafted: trail.firstDrafted)
        }
        var isWhole = first == 0 || before != nil
        var ends = recorded[...]
        for entry in trail.entries {
            let faults = replay.take(entry) { trail.root(size: entry.index) }
            for fault in faults { findings.fail(entry.path, fault.rule, fault.message) }
            guard let end = ends.first, end.entry == entry.index else { continue }
            ends.removeFirst()
            if let expected = replay.expected(end.state, at: entry.entry.time) {
                for fault in end.state.differences(from: expected) {
                    findings.fail(end.path, .state, fault)
                }
            } else {
                isWhole = false
            }
            let pending = replay.pending.map(\.header.number)
            for fault in bounds(
                of: end.state.state, batch.manifest, trail, pending: pending)
            {
                findings.fail(end.path, .state, fault)
            }
        }
        state = recorded.last?.state
        checkRevocations(replay.revocations, list, founding)
        guard findings.isSound else { return }
        findings.ok(
            "the recorded state is that to which the entries lead, in each field"
                + (isWhole ? "" : ", as far as these entries tell"))
        guard !isWhole else { return }
        findings.note(
            "not proven: what the recorded state says of the time before these entries; give the "
                + "bundle before with --previous")
    }

    /// The states that ends of ceremonies record, in order.
    private mutating func readStates(
        _ trail: AuditTrail, _ founding: Founding
    ) -> [(entry: UInt64, path: String, state: RecordedState)] {
        trail.entries.compactMap { entry in
            guard case .closed(_, _, _, let digest)? = entry.record,
                let head = governingHead(at: entry.index, trail)
            else { return nil }
            let path = Self.contentDirectory + digest.hex
            return read(path) { bytes throws(Violations) in
                try RecordedState(bytes, founding, governingHead: head)
            }.map { (entry.index, path, $0) }
        }
    }

    /// The state before an entry, which the bundle before ended with, where that was given and is sound.
    private mutating func stateBefore(_ first: UInt64) -> RecordedState? {
        guard
            let folder = earlier.first(where: { $0.checkpoint.size == first && $0.folder != nil })?
                .folder
        else { return nil }
        do throws(MachineFault) {
            let check = BundleCheck(try BundleFiles(reading: folder), pinned: pinned)
            if check.isSound, let state = check.state { return state }
            findings.note(
                "not taken as the state before: that of \(shownPath(folder)), which is not sound by "
                    + "itself; check it")
        } catch {
            findings.note("not taken as the state before: that of \(shownPath(folder)): \(error)")
        }
        return nil
    }

    /// What nothing of what came before could have led to.
    private func bounds(
        of state: DecidingState, _ manifest: BatchManifest, _ trail: AuditTrail, pending: [UInt64]
    ) -> [String] {
        var faults: [String] = []
        let first = trail.first ?? 0
        let governing = files.files[Self.governingEntryPath].flatMap {
            try? LedgerEntry(parsing: $0.bytes)
        }
        let begun = state.epochs.begun.last { $0.entry < first }?.entry
        if let governing, governing.index < first, begun != governing.index {
            faults.append("its epoch lacks that of entry \(governing.index)")
        } else if governing == nil, let begun {
            faults.append("its epoch has that of entry \(begun), and the batch was of the first")
        }
        if state.batches < manifest.header.number {
            faults.append(
                "its batches are \(state.batches), and batch \(manifest.header.number) was drafted")
        }
        for (batch, by) in state.abandonments where batch >= by || by > state.batches {
            faults.append("its abandoned has \"\(batch) by \(by)\", which cannot be")
        }
        for (item, batch) in state.revoked where batch == 0 || batch > state.batches {
            faults.append(
                "its revoked has \(item.target.text) by batch \(batch), which is not there")
        }
        // Whoever gives serials up revokes them.
        let revoking = Set(state.revoked.map(\.batch)).union(pending)
        let given = state.abandonments.map(\.by) + state.epochs.begun.map(\.batch)
        for batch in given where !revoking.contains(batch) {
            faults.append("batch \(batch) gave up serials as it says, and revoked nothing")
        }
        if state.abandonments.isEmpty, let key = state.setAside.first {
            faults.append("its set-aside has \(key.fingerprint), and its abandoned nothing")
        }
        // An epoch overtakes every batch that was drafted before it.
        let begunBefore = zip(state.epochs.begun, state.epochs.begun.dropFirst())
        for (one, next) in begunBefore where one.entry >= next.entry || one.batch >= next.batch {
            faults.append("its epoch has \"\(next.entry) by \(next.batch)\" behind a later one")
        }
        let others = [0, manifest.header.ledgerSize] + state.epochs.begun.map(\.entry)
        for entry in others where state.waiting.contains(entry) {
            faults.append("its waiting has entry \(entry), which is no request")
        }
        for authority in state.founding.policy.authorities.map(\.name) {
            faults += bounds(
                of: state, authority, epoch: epoch(of: authority, trail), manifest)
        }
        return faults
    }

    private func bounds(
        of state: DecidingState, _ authority: String, epoch: UInt64, _ manifest: BatchManifest
    ) -> [String] {
        var faults: [String] = []
        let next = state.nextSerial(of: authority)
        if next >> 48 != epoch {
            faults.append(
                "its next-serial of \(authority) is \(next), which is not of epoch \(epoch)")
        }
        for case .issue(let item) in manifest.items
        where item.authority == authority && item.fields.serial >= next {
            faults.append(
                "its next-serial of \(authority) is \(next), and serial \(item.fields.serial) was "
                    + "given to an item")
            break
        }
        for range in state.epochs.unissued[authority]?.ranges ?? []
        where range.upperBound >= next || range.lowerBound >> 48 != epoch {
            faults.append(
                "its unissued of \(authority) has \(EntrySet.text(of: range)), which no batch has")
        }
        return faults
    }

    /// A list revokes what was revoked, and nothing else.
    private mutating func checkRevocations(
        _ items: [RevokeItem], _ list: RevocationList, _ founding: Founding
    ) {
        var parts: [RevocationList.Authority] = []
        var keys: [PublicKey] = []
        for item in items {
            for key in founding.keys(of: item.authority) {
                switch item.target {
                case .serials(let range): parts.append(.init(key: key, serials: [range]))
                case .keyID(let keyID):
                    parts.append(.init(key: key, serials: [], keyIDs: [keyID]))
                case .key: continue
                }
            }
            if case .key(let key) = item.target { keys.append(key) }
        }
        let expected = RevocationList(
            version: list.version, generated: list.generated, comment: list.comment,
            authorities: parts, keys: keys)
        guard expected != list else { return }
        findings.fail(
            Self.revocationListPath, .state,
            "it does not revoke exactly what the recorded state says was revoked: "
                + RevocationSummary(expected).text)
    }
}

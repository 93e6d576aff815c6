// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto
import SSHFormats

extension HomeState {
    /// Takes in the next entry.
    ///
    /// What was recorded must have been allowed when it was recorded. A state that refused an entry
    /// is spoilt: go on with a copy of the one before.
    ///
    /// - Throws: `Violations` where the entry does not follow from the state.
    public mutating func apply(
        _ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?, past: HomePast = .none
    ) throws(Violations) {
        try requireNext(entry.stamp)
        try apply(ExaminedEntry(entry, content: content), past: past)
    }

    /// Takes in the next entry, which was examined by itself.
    ///
    /// What was recorded must have been allowed when it was recorded. A state that refused an entry
    /// is spoilt: go on with a copy of the one before.
    ///
    /// - Throws: `Violations` where the entry does not follow from the state.
    public mutating func apply(
        _ examined: ExaminedEntry, past: HomePast = .none
    ) throws(Violations) {
        let entry = examined.stamp
        try requireNext(entry)
        switch examined.matter {
        case .request(_, let admitted): try applyRequest(entry, admitted, past)
        case .batch(let record, let manifest): try applyBatch(entry, record, manifest, past)
        case .approval(let record, let signature): try applyApproval(entry, record, signature)
        case .rejection(let record, let text, let signature):
            try applyRejection(entry, record, text, signature)
        case .ceremonyOpened(let record): try applyOpened(entry, record)
        case .token(let record):
            try requireOwnCeremony(record.batch, entry)
            try update(record.batch, entry) { $0.takeOver(record, entry: entry) }
        case .intent(let record):
            try requireOwnCeremony(record.batch, entry)
            try update(record.batch, entry) { $0.intend(record, entry: entry) }
        case .issued(let record): try applyIssued(entry, record)
        case .revocationList(let record, let list):
            try applyRevocationList(entry, record, list)
        case .epoch(let record, let digest): try applyEpoch(entry, record, digest)
        case .ceremonyClosed(let record): try applyClosed(entry, record)
        case .remark: break
        case .unexpected:
            throw fault(entry, "kind \(examined.kind.rawValue) is not expected here")
        }
        tree.append(examined.leafHash)
        lastTime = entry.time
    }

    /// That an entry admits a request that one before it admitted.
    public static func repeatedRequest(entry: UInt64) -> Violation {
        Violation(.recordText, "entry \(entry): the request is there already")
    }

    private func requireNext(_ entry: EntryStamp) throws(Violations) {
        guard entry.index == size, entry.time >= lastTime else {
            throw Violations(
                Violation(
                    .recordText, "entry \(entry.index) does not follow entry \(size - 1)"))
        }
    }

    /// The content of this name, with a look at whether it is what the name says.
    static func require(
        _ digest: SHA256Digest, _ what: String, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) -> [UInt8] {
        guard let bytes = content(digest) else {
            throw Violations(
                Violation(.recordText, "the \(what) \(digest.hex) is not in the ledger"))
        }
        guard SHA256Digest(hashing: bytes) == digest else {
            throw Violations(
                Violation(.recordText, "the \(what) \(digest.hex) is not what its name says"))
        }
        return bytes
    }
}

extension HomeState {
    private func fault(_ entry: EntryStamp, _ message: String) -> Violations {
        Violations(Violation(.recordText, "entry \(entry.index): \(message)"))
    }

    private mutating func update(
        _ id: SHA256Digest, _ entry: EntryStamp, _ change: (inout BatchState) -> String?
    ) throws(Violations) {
        if let message = change(&batches[try place(of: id, entry)]) { throw fault(entry, message) }
    }

    private func place(of id: SHA256Digest, _ entry: EntryStamp) throws(Violations) -> Int {
        guard let place = batches.indices.last(where: { batches[$0].manifest.id == id }) else {
            throw fault(entry, "it names a batch that is not there")
        }
        return place
    }

    private func named(
        _ id: SHA256Digest, _ entry: EntryStamp
    ) throws(Violations) -> BatchState {
        guard let batch = batch(id) else {
            throw fault(entry, "it names a batch that is not there")
        }
        return batch
    }

    private mutating func applyRequest(
        _ entry: EntryStamp, _ admitted: AdmittedEntry, _ past: HomePast
    ) throws(Violations) {
        let id = admitted.request.id
        var isRepeated = requests[id] != nil
        if !isRepeated, base > 0 { isRepeated = try past.isAdmitted(admitted.request) }
        guard !isRepeated else {
            throw Violations(Self.repeatedRequest(entry: entry.index))
        }
        requests[id] = admitted
        requestOrder.append(id)
        waiting.insert(entry.index)
    }

    private mutating func applyBatch(
        _ entry: EntryStamp, _ record: BatchRecord, _ manifest: BatchManifest, _ past: HomePast
    ) throws(Violations) {
        let faults = foundation(of: manifest, recordedAs: record.number, at: entry.time)
        guard faults.isEmpty else {
            throw fault(
                entry,
                "the batch was not drafted on the ledger as it stands: "
                    + faults.joined(separator: ", "))
        }
        var serials = nextSerials
        var answered = [SHA256Digest: UInt64](minimumCapacity: manifest.items.count)
        for case .issue(let item) in manifest.items {
            guard let next = serials[item.authority], item.fields.serial == next,
                SerialNumber(next).isForCertificates
            else {
                throw fault(
                    entry,
                    "serial \(item.fields.serial) of \(quoted(item.authority)) is not the next")
            }
            serials[item.authority] = next + 1
            guard answered[item.request] == nil,
                let admitted = try admitted(item.request, past),
                answers(admitted, with: item, at: manifest.header.created)
            else {
                throw fault(
                    entry, "serial \(next) of \(item.authority) answers no request that waits")
            }
            answered[item.request] = admitted.entry
        }
        var batch = BatchState(manifest: manifest, entry: entry.index)
        batch.admissions = answered
        if let fault = abandonmentFaults(of: batch, at: entry.time).first {
            throw self.fault(entry, fault.message)
        }
        if let fault = epochDraftFault(of: batch) { throw self.fault(entry, fault.message) }
        nextSerials = serials
        for case .issue(let item) in manifest.items {
            epochs.reserve(item.fields.serial, of: item.authority)
        }
        for id in answered.keys { requests[id]?.batches.append(manifest.header.number) }
        batches.append(batch)
        batchCount += 1
    }

    /// What of a manifest's header is not as the ledger stands.
    private func foundation(
        of manifest: BatchManifest, recordedAs number: UInt64, at time: UnixTime
    ) -> [String] {
        let header = manifest.header
        let latest = header.created.adding(policy.batchLifetime)
        let facts: [(name: String, holds: Bool)] = [
            ("batch", header.number == batchCount + 1 && header.number == number),
            ("genesis", header.genesis == id), ("ledger-size", header.ledgerSize == size),
            ("ledger-root", header.ledgerRoot == root),
            ("governing-head", header.governingHead == governingHead),
            ("roster", header.roster == roster.digest), ("policy", header.policy == policy.digest),
            ("created", header.created == time),
            ("expires", latest.map { header.expires <= $0 } ?? false),
        ]
        return facts.filter { !$0.holds }.map(\.name)
    }

    /// Whether an item is for the key and the principals of a request that waits for an answer, or
    /// that consented to be answered anew.
    private func answers(
        _ admitted: AdmittedEntry, with item: IssueItem, at time: UnixTime
    ) -> Bool {
        let request = admitted.request
        guard item.authority == request.authority, item.fields.publicKey == request.publicKey,
            item.fields.kind == request.kind,
            item.fields.validPrincipals == request.principals,
            holder(of: request.id, at: time) == nil
        else { return false }
        return waiting.contains(admitted.entry)
            || request.renewableUntil.map { time < $0 } ?? false
    }

    private mutating func applyApproval(
        _ entry: EntryStamp, _ record: ApprovalRecord, _ signature: [UInt8]
    ) throws(Violations) {
        let approval = try Approval(
            armored: signature, manifest: named(record.batch, entry).manifest, roster: roster)
        try roster.requireCurrent(approval.key, at: entry.time)
        guard approval.officer.utf8.elementsEqual(record.officer.utf8),
            approval.key.fingerprint == record.key
        else {
            throw fault(
                entry,
                "the approval is by \(approval.officer) with \(approval.key.fingerprint), not by "
                    + "\(record.officer) with \(record.key)")
        }
        try update(record.batch, entry) { $0.approve(approval, entry: entry) }
    }

    private mutating func applyRejection(
        _ entry: EntryStamp, _ record: RejectionRecord, _ text: [UInt8], _ signature: [UInt8]
    ) throws(Violations) {
        let rejection = try Rejection(
            text: text, armored: signature, manifest: named(record.batch, entry).manifest,
            roster: roster)
        try roster.requireCurrent(rejection.key, at: entry.time)
        guard rejection.officer.utf8.elementsEqual(record.officer.utf8),
            rejection.text.reason.utf8.elementsEqual(record.reason.utf8)
        else {
            throw fault(
                entry, "the rejection is by \(rejection.officer): \(rejection.text.reason)")
        }
        try update(record.batch, entry) { $0.reject(rejection, entry: entry) }
    }

    private mutating func applyOpened(
        _ entry: EntryStamp, _ record: CeremonyOpenedRecord
    ) throws(Violations) {
        let batch = try named(record.batch, entry)
        if batch.phase(at: entry.time) == .gathering {
            try Violations.raise(openingFaults(of: batch, at: entry.time))
        }
        try update(record.batch, entry) { $0.open(record, entry: entry) }
        if let item = batch.abandonment { beingAbandoned = item.manifest }
    }

    /// A ceremony whose abandonment has begun does not go on.
    private func requireOwnCeremony(
        _ id: SHA256Digest, _ entry: EntryStamp
    ) throws(Violations) {
        guard id != beingAbandoned else { throw fault(entry, "the ceremony is being abandoned") }
    }

    private mutating func applyIssued(
        _ entry: EntryStamp, _ record: IssuedRecord
    ) throws(Violations) {
        try requireOwnCeremony(record.batch, entry)
        let place = try place(of: record.batch, entry)
        if let message = batches[place].issue(record, entry: entry) {
            throw fault(entry, message)
        }
        recall(record)
        let fields = record.certificate.fields
        if !setAside.isEmpty { setAside.remove(fields.signatureKey) }
        if let admission = batches[place].admissions[record.request] {
            waiting.remove(admission)
        }
        epochs.issue(fields.serial, of: record.authority)
    }

    private mutating func applyRevocationList(
        _ entry: EntryStamp, _ record: RevocationListRecord, _ list: [UInt8]
    ) throws(Violations) {
        try requireOwnCeremony(record.batch, entry)
        guard record.version > 0, record.version - 1 == revocations.version else {
            throw fault(
                entry,
                "revocation list version \(record.version) does not follow version "
                    + "\(revocations.version)")
        }
        try update(record.batch, entry) { $0.release(record, entry: entry) }
        revocations.publish(version: record.version, list: list)
    }

    private mutating func applyClosed(
        _ entry: EntryStamp, _ record: CeremonyClosedRecord
    ) throws(Violations) {
        let before = try named(record.batch, entry)
        let list = revocations.list
        if let abandonment = record.abandonment {
            let decision = try named(abandonment.by, entry)
            guard decision.phase(at: entry.time) == .open, decision.releasedList,
                let item = decision.abandonment, item.manifest == record.batch,
                item.abandoned == abandonment.serials
            else { throw fault(entry, "no batch that abandons the ceremony is being carried out") }
            try update(record.batch, entry) { $0.close(record, entry: entry, list: list) }
            giveUp(before, by: decision.number)
        } else {
            try requireOwnCeremony(record.batch, entry)
            if let item = before.abandonment,
                batch(item.manifest)?.phase(at: entry.time) != .abandoned
            {
                throw fault(entry, "the ceremony that it abandons has not ended")
            }
            try update(record.batch, entry) { $0.close(record, entry: entry, list: list) }
            carryOut(before)
        }
        let text = deciding(at: entry.time).bytes
        let digest = SHA256Digest(hashing: text)
        guard digest == record.state else {
            throw Violations(
                Violation(
                    .stateDigest,
                    "entry \(entry.index) recorded state \(record.state.hex), the replay gives "
                        + digest.hex,
                    hint: "the ledger was altered; run conclave ledger verify"))
        }
    }
}

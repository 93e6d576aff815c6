// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// What it takes to end an interrupted ceremony as it is: a batch of its own, with a quorum, that
/// revokes what was not finished.
extension HomeState {
    /// The item that abandons a batch's ceremony as it stands.
    ///
    /// - Throws: `Violations` of `ABANDON-TARGET` where there is nothing to abandon.
    func abandonment(
        of batch: BatchState, reason: String, at time: UnixTime
    ) throws(Violations) -> AbandonItem {
        if let fault = abandonTargetFault(batch, at: time) { throw Violations(fault) }
        return AbandonItem(
            number: batch.number, manifest: batch.manifest.id,
            riskClass: abandonmentClass(of: batch), issued: UInt64(batch.issued.count),
            abandoned: batch.unfinished, reason: reason)
    }

    /// What of a batch that abandons a ceremony does not fit that ceremony as it stands.
    func abandonmentFaults(of batch: BatchState, at time: UnixTime) -> [Violation] {
        guard let item = batch.abandonment else { return [] }
        guard let target = self.batch(item.manifest), target.number == item.number else {
            return [
                Violation(
                    .abandonTarget,
                    "item 1: batch \(item.number), \(item.manifest.hex), is not one of this home's")
            ]
        }
        if let fault = abandonTargetFault(target, at: time) {
            return [Violation(fault.rule, "item 1: \(fault.message)", hint: fault.hint)]
        }
        if item.issued != UInt64(target.issued.count) || item.abandoned != target.unfinished {
            return [
                Violation(
                    .batchOvertaken,
                    "item 1: batch \(target.number) has \(target.issued.count) certificates now, "
                        + "\(item.issued) when it was to be abandoned",
                    hint: "reject this batch; abandon the ceremony anew, or finish it")
            ]
        }
        let revoked = batch.manifest.revocations.map { "\($0.authority) \($0.target.text)" }
        let needed = item.revocations(riskClass: "").map { "\($0.authority) \($0.target.text)" }
        guard needed != revoked else { return [] }
        return [
            Violation(
                .batchDerived,
                "item 1: the batch does not revoke the serials that it gives up, and them alone",
                hint: "reject the batch, and find out what drafted it")
        ]
    }

    /// The class of what abandons a batch: the strictest of its own.
    func abandonmentClass(of batch: BatchState) -> String {
        let classes = Set(batch.manifest.items.map(\.riskClass))
        return roster.strictestClass(of: classes) ?? roster.revocationClass
    }

    /// Why a batch's ceremony cannot be abandoned, or nil where it can.
    private func abandonTargetFault(_ batch: BatchState, at time: UnixTime) -> Violation? {
        let number = batch.number
        switch batch.phase(at: time) {
        case .open where batch.remaining.isEmpty:
            return Violation(
                .abandonTarget, "every certificate of batch \(number) is signed",
                hint: "end its ceremony, which takes no token: conclave sign \(number)")
        case .open: return nil
        case .gathering:
            return Violation(
                .abandonTarget, "the ceremony of batch \(number) has not begun",
                hint: "one officer can stop the batch: conclave reject \(number) --reason TEXT")
        case .rejected, .expired, .superseded:
            let end =
                batch.rejection != nil
                ? "was rejected" : batch.supersededBy == nil ? "expired" : "was superseded"
            return Violation(
                .abandonTarget,
                "the ceremony of batch \(number) never began: the batch \(end)",
                hint: "its requests are free for another batch")
        case .closed:
            return Violation(.abandonTarget, "batch \(number) was carried out already")
        case .abandoned:
            return Violation(.abandonTarget, "batch \(number) was abandoned already")
        }
    }
}

extension HomeState {
    /// Why an abandoned ceremony can no longer go on, or nil where it can.
    func abandoned(_ batch: BatchState) -> Violation? {
        if let closed = batch.closed?.record.abandonment {
            let decision = self.batch(closed.by)
            let serials = closed.serials.map(\.text).joined(separator: ", ")
            return Violation(
                .batchAbandoned,
                "batch \(batch.number) was abandoned by batch \(decision?.number ?? 0) "
                    + "(\(quoted(decision?.abandonment?.reason ?? ""))); \(serials) can never be "
                    + "signed",
                hint: "its unfinished requests are free for another batch")
        }
        guard batch.manifest.id == beingAbandoned,
            let decision = batches.last(where: { $0.abandonment?.manifest == beingAbandoned })
        else { return nil }
        return Violation(
            .batchAbandoned,
            "batch \(batch.number) is being abandoned by batch \(decision.number)",
            hint: "end that: conclave sign \(decision.number)")
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
public import Issuance
import SSHCrypto

/// Takes officers' approvals and rejections of a batch.
public struct ApprovalGathering {
    private let home: Home

    /// Gathers for batches of this home.
    public init(home: Home) {
        self.home = home
    }

    /// Checks an approval and records it; answers the count as it then stands.
    ///
    /// - Throws: `RunnerError` with everything that is wrong; what the ledger throws.
    public func approve(
        _ batch: BatchState, signature armored: [UInt8]
    ) throws -> (approval: Approval, quorum: QuorumDecision) {
        let time = home.now()
        try requireGathering(batch, at: time, verb: "approved")
        let approval: Approval
        do throws(Violations) {
            approval = try Approval(
                armored: armored, manifest: batch.manifest, roster: home.state.roster)
            try home.state.roster.requireCurrent(approval.key, at: time)
        } catch {
            throw RunnerError.refused(
                subject: "approval", error.all + otherBatch(armored, than: batch))
        }
        if batch.approvals.contains(where: { $0.approval.officer == approval.officer }) {
            throw RunnerError.refused(
                subject: "approval",
                [
                    Violation(
                        .approvalTwice,
                        "\(approval.officer) has approved batch \(batch.number) already",
                        hint: "persons are counted, not keys; another officer must approve")
                ])
        }
        try home.append([ApprovalRecord(approval, batch: batch.manifest.id).draft], time: time)
        let updated = home.state.batch(batch.manifest.id) ?? batch
        return (approval, updated.quorum(roster: home.state.roster))
    }

    /// The text that an officer signs to reject a batch.
    ///
    /// - Throws: `RunnerError` where the batch can no longer be rejected, or the reason is empty.
    public func rejectionText(_ batch: BatchState, reason: String) throws -> [UInt8] {
        let time = home.now()
        try requireGathering(batch, at: time, verb: "rejected")
        let text = Rejection.Text(
            genesis: home.state.id, batch: batch.manifest.id, created: time, reason: reason)
        do throws(Violations) {
            _ = try Rejection.Text(parsing: text.bytes)
        } catch {
            throw RunnerError.refused(subject: "rejection", error.all)
        }
        return text.bytes
    }

    /// Checks a rejection and records it: the batch is stopped.
    ///
    /// - Throws: `RunnerError` with everything that is wrong; what the ledger throws.
    public func reject(
        _ batch: BatchState, text: [UInt8], signature armored: [UInt8]
    ) throws -> Rejection {
        let time = home.now()
        try requireGathering(batch, at: time, verb: "rejected")
        let rejection: Rejection
        do throws(Violations) {
            rejection = try Rejection(
                text: text, armored: armored, manifest: batch.manifest,
                roster: home.state.roster)
            try home.state.roster.requireCurrent(rejection.key, at: time)
        } catch {
            throw RunnerError.refused(subject: "rejection", error.all)
        }
        try home.append([RejectionRecord(rejection).draft], time: time)
        return rejection
    }

    /// Says so where a signature is an approval of another batch of this home.
    private func otherBatch(_ armored: [UInt8], than batch: BatchState) -> [Violation] {
        for other in home.state.batches where other.number != batch.number {
            do throws(Violations) {
                _ = try OfficerSignature(
                    armored: armored, message: other.manifest.text,
                    namespace: BatchManifest.namespace, what: "batch \(other.number)")
                return [
                    Violation(
                        .approvalSignature, "it is an approval of batch \(other.number)",
                        hint: "name that batch: conclave approve … \(other.number)")
                ]
            } catch {
                continue
            }
        }
        return []
    }

    private func requireGathering(
        _ batch: BatchState, at time: UnixTime, verb: String
    ) throws {
        let violation: Violation
        switch batch.phase(at: time) {
        case .gathering: return
        case .expired: violation = home.state.expired(batch, at: time)
        case .superseded: violation = home.state.superseded(batch)
        case .rejected:
            violation = Violation(.batchRejected, "batch \(batch.number) was rejected")
        case .open, .closed, .abandoned:
            violation = Violation(
                .batchClosed,
                "batch \(batch.number) can no longer be \(verb): its ceremony has begun")
        }
        throw RunnerError.refused(subject: "batch \(batch.number)", [violation])
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import SSHCrypto
public import SSHFormats

/// A batch whose ceremony may begin or go on: the right to sign, spent by taking its orders.
public struct ApprovedBatch: ~Copyable, Sendable {
    /// The batch.
    public let batch: BatchState
    /// Whether its ceremony began before and was interrupted.
    public let isResumed: Bool
    private let signing: [SigningOrder]

    fileprivate init(batch: BatchState, isResumed: Bool, signing: [SigningOrder]) {
        self.batch = batch
        self.isResumed = isResumed
        self.signing = signing
    }

    /// The CA keys that the ceremony still needs, in the order of the items.
    public var signatureKeys: [PublicKey] {
        var keys: [PublicKey] = []
        for order in signing where !keys.contains(order.item.fields.signatureKey) {
            keys.append(order.item.fields.signatureKey)
        }
        return keys
    }

    /// What is still to be signed, in order; the right is spent.
    public consuming func orders() -> [SigningOrder] { signing }
}

/// The right to one signature, over approved bytes.
public struct SigningOrder: Sendable {
    /// The item's number in the batch.
    public let number: UInt64
    /// The item.
    public let item: IssueItem
    /// The bytes to be signed, equal to the approved ones.
    public let certificate: ToBeSignedCertificate
    /// Whether an intent is recorded already.
    public let isIntended: Bool

    fileprivate init(
        number: UInt64, item: IssueItem, certificate: ToBeSignedCertificate, isIntended: Bool
    ) {
        self.number = number
        self.item = item
        self.certificate = certificate
        self.isIntended = isIntended
    }
}

extension HomeState {
    /// Checks the clock against the last entry of the ledger.
    ///
    /// A home that was left alone for long finds the right time too far ahead. Whoever confirms the
    /// date in so many words may go on, and that is recorded.
    ///
    /// - Parameters:
    ///   - time: What the clock says.
    ///   - confirmedDate: The date that a person confirmed, as `2026-11-22`.
    /// - Returns: The exception to record, where the confirmation was needed.
    /// - Throws: `Violations` of `CLOCK-BEHIND` or `CLOCK-AHEAD`.
    public func checkClock(
        _ time: UnixTime, confirmedDate: String? = nil
    ) throws(Violations) -> ExceptionRecord? {
        guard time >= lastTime else {
            throw Violations(
                Violation(
                    .clockBehind,
                    "the clock says \(time.text), before the last ledger entry, \(lastTime.text)",
                    hint: "set the clock of this machine"))
        }
        if let confirmedDate, confirmedDate != String(time.text.prefix(10)) {
            throw Violations(
                Violation(
                    .clockAhead, "the clock says \(time.text), --today says \(confirmedDate)",
                    hint: "find out which is right, and set the clock of this machine"))
        }
        let latest = lastTime.adding(policy.clockMaximumStep)
        guard latest.map({ time > $0 }) ?? false else { return nil }
        let message =
            "the clock says \(time.text), more than \(policy.clockMaximumStep.text) after "
            + "the last ledger entry, \(lastTime.text)"
        guard let confirmedDate else {
            throw Violations(
                Violation(
                    .clockAhead, message,
                    hint: "set the clock of this machine; or, if it is right, confirm today's date "
                        + "with --today YYYY-MM-DD, which is recorded"))
        }
        return ExceptionRecord(
            rule: .clockAhead, message: "\(message); \(confirmedDate) was confirmed by hand")
    }

    /// Opens the gate to a ceremony, or says everything that keeps it shut.
    ///
    /// A ceremony that began and was interrupted goes on without a new look at expiry and quorum:
    /// they were checked when it opened, and an outage must not strand it.
    ///
    /// - Throws: all `Violations`.
    public func approve(
        _ id: SHA256Digest, at time: UnixTime
    ) throws(Violations) -> ApprovedBatch {
        guard let batch = batch(id) else {
            throw Violations(
                Violation(
                    .batchUnknown, "batch \(id.hex) is not one of this home's",
                    hint: "see: conclave batch list"))
        }
        var violations: [Violation] = []
        let phase = batch.phase(at: time)
        switch phase {
        case .gathering:
            violations += openingFaults(of: batch, at: time)
            violations += derivationFaults(of: batch)
        case .open, .abandoned:
            if let violation = abandoned(batch) { violations.append(violation) }
        case .closed:
            violations.append(
                Violation(.batchClosed, "batch \(batch.number) was carried out already"))
        case .rejected:
            let by = batch.rejection.map {
                "by \($0.rejection.officer): \($0.rejection.text.reason)"
            }
            violations.append(
                Violation(
                    .batchRejected, "batch \(batch.number) was rejected \(by ?? "")",
                    hint: "draft a new batch"))
        case .expired:
            violations.append(expired(batch, at: time))
        case .superseded:
            violations.append(superseded(batch))
        }
        var orders: [SigningOrder] = []
        if violations.isEmpty {
            for (number, item) in batch.remaining {
                do throws(Violations) {
                    orders.append(
                        SigningOrder(
                            number: number, item: item, certificate: try item.rebuild(),
                            isIntended: batch.intended.contains(number)))
                } catch {
                    violations += error.all
                }
            }
        }
        guard violations.isEmpty else { throw Violations(violations) }
        return ApprovedBatch(batch: batch, isResumed: phase == .open, signing: orders)
    }

    /// That a batch's time ran out.
    public func expired(_ batch: BatchState, at time: UnixTime) -> Violation {
        Violation(
            .batchExpired,
            "batch \(batch.number) expired \(batch.manifest.header.expires.text); it is "
                + time.text,
            hint: "draft a new batch; its requests are free again")
    }

    /// What keeps a ceremony shut: looked at when it is to begin, and again in every replay.
    func openingFaults(of batch: BatchState, at time: UnixTime) -> [Violation] {
        var violations: [Violation] = []
        let target = batch.abandonment?.manifest
        if let open = batches.first(where: {
            $0.phase(at: time) == .open && $0.manifest.id != target
        }) {
            violations.append(
                Violation(
                    .ceremonyOpen, "the ceremony of batch \(open.number) is not finished",
                    hint: "finish it first: conclave sign \(open.number); or, where its token "
                        + "is lost, abandon it: conclave batch abandon \(open.number)"))
        }
        let header = batch.manifest.header
        if header.governingHead != governingHead || header.roster != roster.digest
            || header.policy != policy.digest
        {
            violations.append(
                Violation(
                    .batchGoverning,
                    "the rules changed since batch \(batch.number) was drafted",
                    hint: "draft a new batch"))
        }
        violations += batch.quorum(roster: roster).violations
        violations += overtaken(batch)
        violations += abandonmentFaults(of: batch, at: time)
        violations += epochFaults(of: batch)
        return violations
    }

    /// What of a batch was revoked, or overtaken by another list, since it was drafted.
    private func overtaken(_ batch: BatchState) -> [Violation] {
        var violations: [Violation] = []
        for (index, item) in batch.manifest.items.enumerated() {
            switch item {
            case .issue(let issue):
                guard
                    let revoked = revocations.reason(
                        authority: issue.authority, fields: issue.fields)
                else { continue }
                violations.append(
                    Violation(
                        .batchOvertaken,
                        "item \(index + 1): \(revoked.target.shortText) was revoked by batch "
                            + "\(revoked.batch) since the batch was drafted",
                        hint: "reject this batch and draft a new one"))
            case .revocationList(let list)
            where list.version == 0 || list.version - 1 != revocations.version:
                violations.append(
                    Violation(
                        .batchOvertaken,
                        "item \(index + 1): revocation list version \(list.version) does not "
                            + "follow version \(revocations.version)",
                        hint: "another batch released a list since; draft a new batch"))
            default: break
            }
        }
        return violations
    }
}

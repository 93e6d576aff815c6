// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import TokenEvidence

/// The report of a ceremony, as text: who, what, when, on which token.
struct CeremonyReport {
    /// The report.
    let text: String

    init(state: HomeState, batch: BatchState) {
        var lines: [String] = []
        func line(_ name: String, _ value: String) {
            let filled = name + String(repeating: " ", count: max(1, 16 - name.count))
            lines.append(filled + value)
        }
        lines.append("Report of the ceremony of batch \(batch.number)")
        lines.append("")
        line("home", state.id.hex)
        line("batch", batch.manifest.id.hex)
        line("drafted", batch.manifest.header.created.text)
        if let opened = batch.opened { line("opened", opened.time.text) }
        if let closed = batch.closed {
            line(closed.record.abandonment == nil ? "closed" : "abandoned", closed.time.text)
            lines += Self.abandonment(closed.record, of: batch, state: state)
        }
        line("enforcement", Tool.tierMeaning)
        line("program", Tool.name)
        lines.append("")
        lines.append("Approved by")
        for approval in batch.approvals {
            lines.append(
                "  \(approval.approval.officer), \(approval.approval.key.fingerprint), "
                    + "ledger entry \(approval.entry)")
        }
        lines.append("")
        lines.append("Tokens")
        for (device, entry) in batch.devices {
            lines.append("  \(device.publicKey.fingerprint) (\(device.publicKey.kind.shortName))")
            lines.append("    token   \(device.token)")
            lines.append("    module  \(device.module)")
            lines.append("    claims of the module: \(device.evidence)")
            lines += Self.proof(device.proof)
            if entry != batch.opened?.entry {
                lines.append("    took over with ledger entry \(entry)")
            }
        }
        lines.append("")
        lines.append("Items")
        let quorum = batch.quorum(roster: state.roster)
        for (item, count) in zip(batch.manifest.items, quorum.items) {
            lines.append("  \(count.number). \(item.summary)")
            if case .issue(let issue) = item {
                lines += Self.details(issue)
                if batch.issued[UInt64(count.number)] == nil {
                    lines.append("     NOT ISSUED; its serial is revoked and never signed")
                }
            }
            if case .abandon(let abandoned) = item {
                lines.append("     reason    \(abandoned.reason)")
            }
            if case .revoke(let revoke) = item { lines.append("     reason    \(revoke.reason)") }
            lines.append(
                "     class     \(count.riskClass), \(count.threshold ?? 0) approvals needed: "
                    + count.counted.joined(separator: ", "))
            for exclusion in count.excluded {
                lines.append("     not counted: \(exclusion.officer), \(exclusion.reason)")
            }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// By whose decision a ceremony ended before its end, and what it leaves undone.
    private static func abandonment(
        _ record: CeremonyClosedRecord, of batch: BatchState, state: HomeState
    ) -> [String] {
        guard let abandonment = record.abandonment, let decision = state.batch(abandonment.by)
        else { return [] }
        return [
            "decided by      batch \(decision.number), \(abandonment.by.hex)",
            "reason          \(decision.abandonment?.reason ?? "")",
            "issued          \(record.certificates) of "
                + "\(Int(record.certificates) + batch.remaining.count) certificates",
            "given up        \(abandonment.serials.map(\.text).joined(separator: ", "))",
        ]
    }

    /// What the device proves, and what is advised against.
    private static func proof(_ proof: RecordedEvidence) -> [String] {
        var lines: [String] = []
        if let firmware = proof.firmware {
            lines.append("    firmware \(firmware), as the token says")
        }
        switch proof.standing {
        case .verified: lines.append("    attested: \(proof.statement ?? "")")
        case .unproven: lines.append("    ATTESTATION NOT PROVEN, as the policy lets it")
        case nil: lines.append("    no attestation")
        }
        if let root = proof.root { lines.append("    chain to root key \(root.hex)") }
        lines += proof.faults.map { "    not proven: \($0)" }
        lines += proof.advisories.map { "    advisory \($0)" }
        return lines
    }

    private static func details(_ item: IssueItem) -> [String] {
        let fields = item.fields
        return [
            "     key ID    \(fields.keyID)",
            "     key       \(fields.publicKey.fingerprint) (\(fields.publicKey.kind.shortName))",
            "     CA key    \(fields.signatureKey.fingerprint)",
            "     valid     \(UnixTime(seconds: fields.validAfter).text) to "
                + UnixTime(seconds: fields.validBefore).text,
            "     options   "
                + (fields.criticalOptions.map(\.text) + fields.extensions.map(\.rawValue))
                .joined(separator: " "),
            "     request   \(item.request.hex)",
        ]
    }
}

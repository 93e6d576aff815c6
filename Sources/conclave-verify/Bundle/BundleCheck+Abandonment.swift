// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// A ceremony that was ended as it was, and the batch whose quorum decided so: each has a bundle,
/// and each bundle shows both.
extension BundleCheck {
    /// The items that were given up, by what the last entry says; the rest of the check finds out
    /// whether it may say so.
    func givenUp(of batch: ManifestedBatch) -> Set<UInt64> {
        guard let path = entryFiles.last?.path, let file = files.files[path],
            let last = EntryFile.split(file.bytes).last
        else { return [] }
        do throws(Violations) {
            guard
                case .closed(let id, _, let abandonment?, _) = try AuditRecord(
                    LedgerEntry(parsing: Array(last))),
                id == batch.manifest.id
            else { return [] }
            let numbers = batch.issues.filter { _, item in
                abandonment.serials.contains {
                    $0.authority == item.authority && $0.serials.contains(item.fields.serial)
                }
            }
            return Set(numbers.map(\.number))
        } catch {
            return []
        }
    }

    /// Checks the batch by whose decision this ceremony ended: what it says, who approved it, and
    /// that it was carried out.
    mutating func checkDecision(
        _ abandonment: AuditRecord.Abandonment, on batch: ManifestedBatch,
        _ history: CeremonyHistory, _ trail: AuditTrail
    ) {
        let before = findings.faults.count
        guard let founding, let decision = manifestOfContents(abandonment.by) else { return }
        let path = contentPath(abandonment.by)
        if decision.header.genesis != founding.genesis.id
            || decision.header.roster != founding.roster.digest
            || decision.header.policy != founding.policy.digest
        {
            findings.fail(path, .manifest, "it was drafted for another home, policy or roster")
        }
        let manifested = ManifestedBatch(decision)
        for violation in manifested.violations {
            findings.fail(path, violation.rule, violation.message)
        }
        guard let item = decision.abandonment, item.manifest == batch.manifest.id,
            item.abandoned == abandonment.serials, item.issued == UInt64(history.issued.count)
        else {
            findings.fail(path, .ceremony, "it does not abandon the ceremony as it ended")
            return
        }
        checkClass(of: item, batch.manifest, path: path, founding)
        let approvals = checkApprovals(of: decision, path: path, trail, founding)
        checkPublished(manifested, path: path)
        checkStopped(batch.manifest, by: decision, trail)
        guard findings.faults.count == before else { return }
        findings.ok(
            "batch \(item.number) was ended by the quorum of batch \(decision.header.number), "
                + "\(listed(approvals)): \(counted(history.issued.count, "certificate")) issued, "
                + "\(listed(item.abandoned.map(\.text))) given up and revoked")
    }

    /// Checks that the ceremony which this batch abandons ended as the manifest says.
    mutating func checkAbandoned(
        _ item: AbandonItem, by batch: ManifestedBatch, _ history: CeremonyHistory,
        _ trail: AuditTrail
    ) {
        let before = findings.faults.count
        var end: UInt64?
        for (entry, record) in trail.records(of: item.manifest) {
            if let opened = history.opened, entry.index > opened {
                guard case .closed(_, let count, let abandonment?, _) = record, end == nil,
                    abandonment.by == batch.manifest.id, abandonment.serials == item.abandoned,
                    count == item.issued
                else {
                    findings.fail(
                        entry.path, .ceremony,
                        "the ceremony of batch \(item.number) goes on while it is abandoned")
                    continue
                }
                end = entry.index
            }
        }
        if trail.isContiguous, end == nil {
            findings.fail(
                Self.manifestPath, .ceremony,
                "no entry ends the ceremony of batch \(item.number), which is to be abandoned")
        }
        if let founding, files.files[contentPath(item.manifest)] != nil {
            if let abandoned = manifestOfContents(item.manifest) {
                checkClass(of: item, abandoned, path: Self.manifestPath, founding)
            }
        } else {
            findings.note(
                "not proven: that class \(quoted(item.riskClass)) is the strictest of batch "
                    + "\(item.number); its manifest is in the bundle before")
        }
        guard findings.faults.count == before else { return }
        findings.ok(
            "the ceremony of batch \(item.number) ended as the manifest says, with "
                + counted(Int(clamping: item.issued), "certificate"))
    }

    private func contentPath(_ digest: SHA256Digest) -> String { "audit/contents/" + digest.hex }

    /// The manifest that the entries name.
    private mutating func manifestOfContents(_ id: SHA256Digest) -> BatchManifest? {
        let path = contentPath(id)
        guard let bytes = files.files[path]?.bytes else {
            findings.fail(path, .content, "the manifest is not there")
            return nil
        }
        do throws(Violations) {
            return try BatchManifest(text: bytes)
        } catch {
            findings.fail(path, error)
            return nil
        }
    }

    private mutating func checkClass(
        of item: AbandonItem, _ abandoned: BatchManifest, path: String, _ founding: Founding
    ) {
        let classes = Set(abandoned.items.map(\.riskClass))
        guard founding.roster.strictestClass(of: classes) != item.riskClass else { return }
        findings.fail(
            path, .item,
            "class \(quoted(item.riskClass)) is not the strictest of batch \(item.number)")
    }

    /// The officers whose recorded approvals of a batch hold; all of them before it began.
    private mutating func checkApprovals(
        of decision: BatchManifest, path: String, _ trail: AuditTrail, _ founding: Founding
    ) -> [String] {
        var approvals: [Approval] = []
        var hasBegun = false
        var published: Set<SHA256Digest> = []
        for (entry, record) in trail.records(of: decision.id) {
            switch record {
            case .approval(_, _, let signature):
                guard let armored = files.files[contentPath(signature)]?.bytes else { continue }
                if hasBegun || entry.entry.time >= decision.header.expires {
                    findings.fail(entry.path, .ceremony, "the approval came too late")
                }
                do throws(Violations) {
                    let approval = try Approval(
                        armored: armored, manifest: decision, roster: founding.roster)
                    try founding.roster.requireCurrent(approval.key, at: entry.entry.time)
                    approvals.append(approval)
                } catch {
                    findings.fail(contentPath(signature), error)
                }
            case .rejection(_, let officer):
                findings.fail(entry.path, .ceremony, "\(officer) rejected the batch")
            case .opened: hasBegun = true
            case .revocationList(_, _, let list): published.insert(list)
            default: break
            }
        }
        if !hasBegun { findings.fail(path, .ceremony, "no entry opens the ceremony of this batch") }
        for case .revocationList(let list) in decision.items where !published.contains(list.digest)
        {
            findings.fail(path, .ceremony, "no entry publishes its revocation list")
        }
        let quorum = QuorumDecision(
            manifest: decision, approvals: approvals, roster: founding.roster)
        for violation in quorum.violations {
            findings.fail(path, violation.rule, violation.message)
        }
        return approvals.map(\.officer)
    }

    /// From the opening of the decision's ceremony on, the one that it ends does nothing but end.
    private mutating func checkStopped(
        _ manifest: BatchManifest, by decision: BatchManifest, _ trail: AuditTrail
    ) {
        let opening = trail.records(of: decision.id).first {
            if case .opened = $0.record { true } else { false }
        }
        guard let opening else { return }
        for (entry, record) in trail.records(of: manifest.id)
        where entry.index > opening.entry.index {
            if case .closed = record { continue }
            findings.fail(
                entry.path, .ceremony,
                "the ceremony of batch \(manifest.header.number) goes on while it is abandoned")
        }
    }

    /// The list of the batch that decided is the one that is handed out here.
    private mutating func checkPublished(_ decision: ManifestedBatch, path: String) {
        let digest = files.files[Self.revocationListPath]?.digest
        guard let list = decision.revocationLists.first, list.digest != digest else { return }
        findings.fail(
            Self.revocationListPath, .revocationList,
            "it is not the list that batch \(decision.manifest.header.number) publishes, by whose "
                + "decision the ceremony ended")
    }
}

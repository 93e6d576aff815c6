// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    /// Where the manifest is.
    static let manifestPath = "audit/batch.txt"

    /// Checks the manifest, each of its items, and the approvals.
    mutating func checkManifest(_ founding: Founding?) -> ManifestedBatch? {
        let manifest = read(Self.manifestPath) { bytes throws(Violations) in
            try BatchManifest(text: bytes)
        }
        let paths = numbered("audit/approval-")
        examined.formUnion(paths)
        for path in files.paths(below: "audit/approval-") where !paths.contains(path) {
            examined.insert(path)
            findings.fail(path, .approval, "the numbers of the approvals have a gap before it")
        }
        guard let manifest else {
            skip("the batch and its approvals", for: "there is no sound manifest")
            return nil
        }
        var batch = ManifestedBatch(manifest)
        for violation in batch.violations {
            findings.fail(Self.manifestPath, violation.rule, violation.message)
        }
        if batch.violations.isEmpty {
            findings.ok(batch.soundness)
        }
        guard let founding else {
            skip("the manifest's home, its items and its approvals", for: "the home is not sound")
            return batch
        }
        checkHome(manifest.header, founding)
        checkItems(batch, founding)
        batch.approvals = checkApprovals(paths, manifest: manifest, roster: founding.roster)
        return batch
    }

    private mutating func checkHome(_ header: BatchManifest.Header, _ founding: Founding) {
        let names = [
            ("home", header.genesis, founding.genesis.id),
            ("policy", header.policy, founding.policy.digest),
            ("roster", header.roster, founding.roster.digest),
        ]
        for (what, found, expected) in names where found != expected {
            findings.fail(
                Self.manifestPath, .manifest,
                "it was drafted for \(what) \(found.hex), and the bundle's is \(expected.hex)")
        }
        let latest = header.created.adding(founding.policy.batchLifetime)
        if latest.map({ header.expires > $0 }) ?? true {
            findings.fail(
                Self.manifestPath, .manifest,
                "it expires \(header.expires.text), later than the policy lets it live")
        }
        if header.created < founding.genesis.created {
            findings.fail(
                Self.manifestPath, .manifest,
                "it was drafted \(header.created.text), before the home's genesis, "
                    + founding.genesis.created.text)
        }
    }

    private mutating func checkItems(_ batch: ManifestedBatch, _ founding: Founding) {
        let before = findings.faults.count
        for (index, item) in batch.manifest.items.enumerated() {
            for fault in ItemReview(
                item, founding: founding, drafted: batch.manifest.header.created
            )
            .faults {
                findings.fail(Self.manifestPath, .item, "item \(index + 1): \(fault)")
            }
        }
        if batch.revocationLists.count > 1 {
            findings.fail(Self.manifestPath, .item, "more than one revocation list is published")
        }
        if findings.faults.count == before {
            findings.ok(
                "the policy allows \(counted(batch.manifest.items.count, "item")) of the manifest, "
                    + "each in its class")
        }
    }

    private mutating func checkApprovals(
        _ paths: [String], manifest: BatchManifest, roster: Roster
    ) -> [(path: String, approval: Approval)] {
        var approvals: [(path: String, approval: Approval)] = []
        for path in paths {
            guard let armored = files.files[path]?.bytes else { continue }
            do throws(Violations) {
                let approval = try Approval(armored: armored, manifest: manifest, roster: roster)
                if approvals.contains(where: { $0.approval.officer == approval.officer }) {
                    findings.fail(path, .approval, "\(approval.officer) approved already")
                } else {
                    approvals.append((path, approval))
                }
            } catch {
                findings.fail(path, error)
            }
        }
        let decision = QuorumDecision(
            manifest: manifest, approvals: approvals.map(\.approval), roster: roster)
        for violation in decision.violations {
            findings.fail(Self.manifestPath, violation.rule, violation.message)
        }
        if decision.isReached {
            findings.ok(
                "every item has its quorum; approved by "
                    + listed(approvals.map(\.approval.officer)))
        }
        for item in decision.items where !item.excluded.isEmpty {
            let reasons = item.excluded.map { "\($0.officer) was not counted: \($0.reason)" }
            findings.note("item \(item.number): " + reasons.joined(separator: "; "))
        }
        return approvals
    }
}

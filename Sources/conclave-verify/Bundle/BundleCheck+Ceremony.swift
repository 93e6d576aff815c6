// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    /// Checks that the entries tell of this batch, in the right order, and of what is handed out.
    mutating func checkCeremony(
        _ trail: AuditTrail, batch: ManifestedBatch?, certificates: [UInt64: HandedOut],
        revocationList: RevocationList?
    ) {
        guard let batch else {
            skip("what the entries tell of the ceremony", for: "there is no sound manifest")
            return
        }
        let before = findings.faults.count
        let history = CeremonyHistory(batch, trail)
        for fault in history.faults {
            findings.fail(fault.path ?? Self.manifestPath, .ceremony, fault.message)
        }
        for (number, handedOut) in certificates.sorted(by: { $0.key < $1.key }) {
            guard let recorded = history.issued[number] else { continue }
            if recorded != handedOut.certificate {
                findings.fail(
                    handedOut.path, .ceremony,
                    "the ledger recorded another certificate of item \(number)")
            }
        }
        for number in givenUp(of: batch).sorted() {
            guard let handedOut = certificates[number] else { continue }
            findings.fail(
                handedOut.path, .ceremony, "item \(number) was given up, and has a certificate")
        }
        checkApprovalEntries(batch, history, founding?.roster)
        if findings.faults.count == before {
            findings.ok(
                "the ledger tells of the ceremony in its order, and recorded each certificate as "
                    + "it is here, after its intent")
        }
        if let abandonment = history.abandonment {
            checkDecision(abandonment, on: batch, history, trail)
        } else {
            checkEarlierList(
                revocationList, batch: batch, founding: founding, isWhole: trail.isWhole)
        }
        if let item = batch.manifest.abandonment { checkAbandoned(item, by: batch, history, trail) }
        checkRequests(batch, trail)
    }

    /// Each approval that is handed out was recorded, and the other way round.
    private mutating func checkApprovalEntries(
        _ batch: ManifestedBatch, _ history: CeremonyHistory, _ roster: Roster?
    ) {
        var unrecorded: [String] = []
        var handedOut: Set<SHA256Digest> = []
        for (path, approval) in batch.approvals {
            let digest = SHA256Digest(hashing: approval.armored)
            handedOut.insert(digest)
            guard let officer = history.approvals[digest] else {
                unrecorded.append(path)
                continue
            }
            if officer != approval.officer {
                findings.fail(
                    path, .ceremony,
                    "it is by \(approval.officer), and the ledger recorded it as \(officer)'s")
            }
            if history.approvalKeys[digest] != approval.key.fingerprint {
                findings.fail(
                    path, .ceremony,
                    "it is by key \(approval.key.fingerprint), and the ledger recorded another")
            }
            guard let roster, let time = history.approvalTimes[digest] else { continue }
            do throws(Violations) {
                try roster.requireCurrent(approval.key, at: time)
            } catch {
                findings.fail(path, error)
            }
        }
        for digest in history.approvals.keys.sorted() where !handedOut.contains(digest) {
            findings.fail(
                Self.manifestPath, .ceremony,
                "the ledger recorded an approval that is not handed out: \(digest.hex)")
        }
        guard !unrecorded.isEmpty else { return }
        if history.drafted == nil {
            findings.note(
                "not proven: when \(listed(unrecorded)) came in; the batch was drafted before these "
                    + "entries, and the bundle before holds the record")
        } else {
            for path in unrecorded {
                findings.fail(path, .ceremony, "no entry records this approval")
            }
        }
    }

    /// The requests that were admitted within these entries are held against their items.
    private mutating func checkRequests(_ batch: ManifestedBatch, _ trail: AuditTrail) {
        var filesOfRequests: [SHA256Digest: (path: String, file: SHA256Digest)] = [:]
        // By another batch: what this one grants is a renewal then.
        var answered: Set<SHA256Digest> = []
        for entry in trail.entries {
            if case .issued(let issued)? = entry.record, issued.batch != batch.manifest.id {
                answered.insert(issued.request)
            }
            guard case .request(let id, let file)? = entry.record else { continue }
            if filesOfRequests.updateValue((entry.path, file), forKey: id) != nil {
                findings.fail(entry.path, .request, "request \(id.hex) was admitted before")
            }
        }
        var proven = 0
        var absent: [UInt64] = []
        let before = findings.faults.count
        for (number, item) in batch.issues {
            guard let (_, file) = filesOfRequests[item.request] else {
                absent.append(number)
                continue
            }
            let path = "audit/contents/" + file.hex
            guard let bytes = files.files[path]?.bytes else { continue }
            checkRequest(
                bytes, path: path, (number, item), isRenewal: answered.contains(item.request),
                drafted: batch.manifest.header.created)
            proven += 1
        }
        if findings.faults.count == before, proven > 0 {
            findings.ok(
                "\(counted(proven, "request")): each signed by the key that was certified, and "
                    + "granted as it asked")
        }
        if !absent.isEmpty {
            let missing = absent.map(String.init)
            if trail.isWhole {
                findings.fail(
                    Self.manifestPath, .request,
                    "no entry admits the request of item \(listed(missing))")
            } else {
                findings.note(
                    "not proven: who asked for item \(listed(missing)); the request was admitted "
                        + "before these entries, and a bundle before holds it")
            }
        }
    }

    private mutating func checkRequest(
        _ bytes: [UInt8], path: String, _ issue: (number: UInt64, item: IssueItem),
        isRenewal: Bool, drafted: UnixTime
    ) {
        guard let founding else { return }
        let request: CertificateRequest
        do throws(Violations) {
            request = try CertificateRequest(file: bytes)
        } catch {
            findings.fail(path, error)
            return
        }
        let derivation = ItemDerivation(
            issue.item, of: request, isRenewal: isRenewal, founding: founding, drafted: drafted)
        for fault in derivation.faults {
            findings.fail(path, .request, "item \(issue.number): \(fault)")
        }
    }
}

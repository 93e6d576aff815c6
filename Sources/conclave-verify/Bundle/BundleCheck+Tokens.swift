// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import TokenEvidence

extension BundleCheck {
    /// Verifies anew what the tokens of this batch's ceremony attested, and holds it against the
    /// policy.
    mutating func checkTokens(
        _ trail: AuditTrail, founding: Founding?, manifest: BatchManifest?
    ) {
        guard let founding, let manifest else {
            skip("what the tokens attest", for: "there is no sound founding and manifest")
            return
        }
        for (entry, record) in trail.records(of: manifest.id) {
            switch record {
            case .opened(_, let devices), .tookOver(_, let devices):
                for fault in AuditDevice.faults(of: devices, founding.genesis) {
                    findings.fail(entry.path, .token, fault)
                }
                for device in devices {
                    check(device, path: entry.path, policy: founding.policy.tokens)
                }
            default: break
            }
        }
    }

    private mutating func check(_ device: AuditDevice, path: String, policy: TokenPolicy) {
        let review = device.review(policy)
        let key = "CA key \(device.publicKey.fingerprint)"
        for violation in review.violations {
            findings.fail(path, .token, "\(key): \(violation.message)")
        }
        let proof = device.proof
        let verdict = review.attestation
        if proof.standing == .verified, verdict?.isVerified != true, policy.attestation == .none {
            for fault in verdict?.faults ?? [] {
                findings.fail(path, .token, "\(key): it was recorded as verified: \(fault)")
            }
        }
        let statement = verdict?.statement?.text
        if proof.statement != statement {
            findings.fail(
                path, .token, "\(key): the certificates state something else than was recorded")
        }
        if proof.standing == .verified, verdict?.root?.digest != proof.root {
            findings.fail(
                path, .token, "\(key): the certificates lead to another root than was recorded")
        }
        for advisory in proof.advisories { findings.note("\(key): advisory \(advisory)") }
        guard proof.standing != nil else { return }
        if let verdict, verdict.isVerified, let root = verdict.root {
            findings.ok("\(key): attested by its token under \(root.name): \(statement ?? "")")
        } else if policy.attestation == .none {
            findings.note("\(key): its attestation is not proven, as the policy lets it")
        }
    }
}

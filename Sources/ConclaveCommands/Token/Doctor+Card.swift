// SPDX-License-Identifier: Apache-2.0
import Documents
import PIVToken
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

extension Doctor {
    /// Whether the system's service runs, and which readers it has.
    mutating func lookAtReaders() async {
        do throws(TokenError) {
            let readers = try await PIVToken.cards()
            add(DoctorCheck(.ok, "pcscd", "it runs"))
            for reader in readers {
                let subject = "reader \(reader.reader.quotedForDisplay)"
                switch reader.contents {
                case .nothing: add(DoctorCheck(.ok, subject, "empty"))
                case .otherCard:
                    add(DoctorCheck(.ok, subject, "a card without the PIV application"))
                case .card(let identity, _): add(DoctorCheck(.ok, subject, "\(identity)"))
                case .unreadable(let reason):
                    add(
                        DoctorCheck(
                            .warn, subject, "its card cannot be asked: \(reason)",
                            advice: "take the card out and put it in again"))
                }
            }
        } catch  where error.code == .noReader {
            add(DoctorCheck(.ok, "pcscd", "it runs"))
            add(DoctorCheck("reader", error))
        } catch {
            add(DoctorCheck("pcscd", error))
        }
    }

    /// Which firmware it is; what speaks against it is told of each key.
    mutating func addFirmware(_ evidence: DeviceEvidence) {
        guard let firmware = evidence.publishedFirmware else {
            add(DoctorCheck(.ok, "firmware", "not told"))
            return
        }
        add(DoctorCheck(.ok, "firmware", "\(evidence.model) \(firmware)"))
    }

    /// Whether a key may be a CA key: its claims, its attestation, and advisories that meet it.
    mutating func look(at key: TokenKey, _ review: TokenReview) {
        let subject = "key \(key.publicKey.fingerprint)"
        let faults = key.evidence.faults
        if faults.isEmpty {
            add(DoctorCheck(.ok, subject, "\(key.publicKey.kind.shortName), fit as a CA key"))
        } else {
            add(
                DoctorCheck(
                    .warn, subject, "unfit as a CA key: \(faults.joined(separator: "; "))",
                    advice: "make the CA key with conclave token generate"))
        }
        if let verdict = review.attestation {
            let about = "attestation of \(key.publicKey.fingerprint)"
            if verdict.isVerified {
                add(
                    DoctorCheck(
                        .ok, about,
                        "verified up to \(verdict.root?.name ?? "a root that is pinned")"))
            } else {
                add(
                    DoctorCheck(
                        .warn, about, verdict.faults.joined(separator: "; "),
                        advice: "bring what is missing with --intermediate or --root"))
            }
        }
        for finding in review.advisories {
            add(
                DoctorCheck(
                    finding.forbids ? .fail : .warn, "advisory on \(key.publicKey.fingerprint)",
                    "\(finding)", advice: "read \(finding.advisory.source)"))
        }
    }
}

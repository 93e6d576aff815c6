// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import TokenEvidence

/// A token that took part in a ceremony, as an entry tells of it.
struct AuditDevice: Hashable, Sendable {
    /// The CA key.
    let publicKey: PublicKey
    /// The token's URI.
    let token: String
    /// What module or card say of the key.
    let evidence: String
    /// What the device proves.
    let proof: RecordedEvidence

    /// What of a ceremony's devices is not as the genesis has them, or as a CA key must be.
    static func faults(of devices: [AuditDevice], _ genesis: Genesis) -> [String] {
        var faults: [String] = []
        var seen: Set<PublicKey> = []
        for device in devices {
            let key = "CA key \(device.publicKey.fingerprint)"
            if !seen.insert(device.publicKey).inserted {
                faults.append("\(key) stands there twice")
            }
            let known = genesis.keys.first { $0.publicKey == device.publicKey }
            let tokens = known.map { [$0.token] + $0.copies.map(\.token) } ?? []
            let uri = RecordedTokenURI(device.token)
            if tokens.allSatisfy({ RecordedTokenURI($0).contradicts(uri) }) {
                faults.append("\(key) is on no token \(quoted(device.token)) by the genesis")
            }
            faults += device.refutations.map { "\(key): \($0)" }
        }
        return faults
    }

    /// What module or card say of the key that no CA key may be, a declared copy neither.
    private var refutations: [String] {
        evidence.split(separator: " ").compactMap { claim in
            let name = String(claim.prefix { $0 != "=" })
            guard let demanded = ModuleClaims.demands[name], claim != "\(name)=\(demanded)" else {
                return nil
            }
            return "\(name) must be \(demanded)"
        }
    }

    /// Verifies the recorded evidence anew, and holds it against a policy.
    func review(_ policy: TokenPolicy) -> TokenReview {
        proof.review(
            publicKey, manufacturer: "", model: "", serial: RecordedTokenURI(token).serial,
            claims: evidence.split(separator: " "), policy: policy)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
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

    /// The serial number in the token's URI; nil where none stands there in plain characters.
    private var serial: String? {
        let attributes = token.drop { $0 != ":" }.dropFirst().split(separator: ";")
        let value = attributes.first { $0.hasPrefix("serial=") }?.dropFirst("serial=".count)
        return value.flatMap { $0.contains("%") ? nil : String($0) }
    }

    /// Verifies the recorded evidence anew, and holds it against a policy.
    func review(_ policy: TokenPolicy) -> TokenReview {
        proof.review(
            publicKey, manufacturer: "", model: "", serial: serial,
            claims: evidence.split(separator: " "), policy: policy)
    }
}

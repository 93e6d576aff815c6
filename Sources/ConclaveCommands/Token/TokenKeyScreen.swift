// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// A key on a token as officers see it: each statement with the one who makes it.
enum TokenKeyScreen {
    /// The lines of one key; where it is judged by a home's policy, with what that refuses.
    static func lines(
        _ key: TokenKey, review: TokenReview, isJudged: Bool
    ) -> [String] {
        var lines = [
            "\(key.publicKey.line) \(key.label)",
            "  \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))",
        ]
        lines += statements(key)
        lines += attestation(review)
        lines += review.advisories.map { "  advisory \($0); \($0.advisory.source)" }
        if isJudged { lines += review.violations.map { "  refused by the policy: \($0)" } }
        lines += key.evidence.faults.map { "  unfit as a CA key: \($0)" }
        return lines
    }

    /// What module and card say of a key, without proof.
    static func statements(_ key: TokenKey) -> [String] {
        var lines: [String] = []
        if let claims = key.evidence.claims {
            let text = claims.claims.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            lines.append("  claims of the module: \(text)")
        }
        if let metadata = key.evidence.metadata {
            let text = metadata.statements.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            lines.append("  the card says: \(text)")
        }
        return lines
    }

    /// What the attestation proves, or why it proves nothing.
    static func attestation(_ review: TokenReview) -> [String] {
        guard let verdict = review.attestation else { return ["  attestation: none"] }
        var lines: [String] = []
        if verdict.isVerified, let statement = verdict.statement {
            lines.append(
                "  attestation: verified up to \(verdict.root?.name ?? "a root"): \(statement.text)"
            )
        } else {
            lines.append("  attestation: NOT verified")
            if let statement = verdict.statement {
                lines.append("    it states, without proof: \(statement.text)")
            }
            lines += verdict.faults.map { "    \($0)" }
        }
        return lines + verdict.remarks.map { "    \($0)" }
    }

    /// What the device says of itself.
    static func device(_ evidence: DeviceEvidence, _ identity: TokenIdentity) -> [String] {
        let firmware = evidence.publishedFirmware.map { ", firmware \($0)" } ?? ""
        var lines = [
            "\(identity)", "  \(identity.uri.text)",
            "  model \(evidence.model.quotedForDisplay)\(firmware)",
        ]
        let tries =
            evidence.pinTries.map(\.description) ?? evidence.pinRemark
            ?? "the token reports no failed try"
        lines.append("  PIN tries: \(tries)")
        if let tries = evidence.pukTries { lines.append("  PUK tries: \(tries)") }
        if let quorum = evidence.quorum { lines.append("  quorum: \(quorum)") }
        for secret in evidence.defaultSecrets ?? [] {
            lines.append("  the \(secret) is still the one from the factory: change it")
        }
        return lines
    }
}

// SPDX-License-Identifier: Apache-2.0
import CeremonyRunner
import Documents
import Issuance
import Token
import TokenEvidence

/// What a home's policy demands of a CA key that is yet to be made.
struct KeyDemands {
    /// The policy's part about tokens.
    let policy: TokenPolicy

    /// Takes the part about tokens out of a policy.
    init(_ policy: Policy) { self.policy = policy.tokens }

    /// What to ask the token for: what a person gave, and where nothing was given, the first that
    /// the policy allows.
    ///
    /// - Throws: `RunnerError` with every way in which it would break the policy, before any key is
    ///   made.
    static func request(
        _ kind: CAKeyKind, label: String, _ given: KeyPolicyOptions, isCard: Bool,
        _ demands: KeyDemands?
    ) throws -> KeyRequest {
        let policy = demands?.policy ?? .standard
        let pin = given.pinPolicy ?? (isCard ? policy.pinPolicies.first : nil)
        let touch = given.touchPolicy ?? (isCard ? policy.touchPolicies.first : nil)
        var violations: [Violation] = []
        if !policy.allows(keyKind: kind.rawValue) {
            violations.append(
                Violation(
                    .tokenKeyKind,
                    "CA key kind \(kind.rawValue) is not one of the policy's: "
                        + policy.keyKinds.joined(separator: ", ")))
        }
        violations += fault("PIN", pin, policy.pinPolicies)
        violations += fault("touch", touch, policy.touchPolicies)
        guard violations.isEmpty else {
            throw RunnerError.refused(subject: "key \(quoted(label))", violations)
        }
        return KeyRequest(
            kind, label: label, slot: isCard ? given.slot ?? .signature : nil, pinPolicy: pin,
            touchPolicy: touch)
    }

    private static func fault<Choice: Equatable & CustomStringConvertible>(
        _ noun: String, _ choice: Choice?, _ allowed: [Choice]
    ) -> [Violation] {
        guard !allowed.isEmpty, choice.map({ !allowed.contains($0) }) ?? true else { return [] }
        let names = allowed.map(\.description).joined(separator: ", ")
        let what = choice.map { "\(noun) policy \($0)" } ?? "a token without \(noun) policies"
        return [Violation(.tokenUse, "\(what) is not one of the policy's: \(names)")]
    }
}

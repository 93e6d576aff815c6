// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHFormats

/// A CA key and its token, held against a policy: what is proven, what is advised against, and what
/// the policy refuses.
public struct TokenReview: Sendable {
    /// An advisory that meets the key, and what comes of it.
    public struct AdvisoryFinding: Hashable, Sendable, CustomStringConvertible {
        /// The advisory.
        public let advisory: Advisory
        /// How it meets the device.
        public let match: Advisory.Match
        /// Why the policy accepts it; nil where it does not.
        public let acceptance: String?

        /// Whether it keeps the key from signing.
        public var forbids: Bool {
            advisory.severity == .forbids && match == .certain && acceptance == nil
        }

        /// `forbids`, `warns`, or `accepted`, as ledger and screens have it.
        public var standing: String {
            if acceptance != nil { return "accepted" }
            return forbids ? "forbids" : "warns"
        }

        /// The finding as one line: `YSA-2024-03 warns: EUCLEAK: …`.
        public var description: String {
            let unknown = match == .firmwareUnknown ? "; the firmware is not told" : ""
            let reason = acceptance.map { "; \($0)" } ?? ""
            return "\(advisory.id) \(standing): \(advisory.title)\(unknown)\(reason)"
        }
    }

    /// What is known of the key.
    public let key: KeyEvidence
    /// What the device says of itself.
    public let device: DeviceEvidence
    /// What the attestation proves; nil where the token gives none.
    public let attestation: AttestationVerdict?
    /// The advisories that meet the key.
    public let advisories: [AdvisoryFinding]
    /// What the policy refuses; empty where the key may sign.
    public let violations: [Violation]

    /// Holds a key and its token against a policy.
    ///
    /// - Parameters:
    ///   - publicKey: The CA key.
    ///   - key: What is known of the key.
    ///   - device: What the device says of itself.
    ///   - manufacturer: The device's maker, as the token's identity has it.
    ///   - certificates: What the site brings for the chain: intermediates, and a root of its own.
    ///   - policy: What the policy demands.
    public init(
        _ publicKey: PublicKey, key: KeyEvidence, device: DeviceEvidence, manufacturer: String,
        certificates: [[UInt8]] = [], policy: TokenPolicy = .standard
    ) {
        self.key = key
        self.device = device
        let attestation = key.attestation.map { chain in
            AttestationVerdict(
                certificates: chain.certificates + certificates,
                expectation: AttestationVerdict.Expectation(
                    key: publicKey, slot: chain.slot, firmware: device.publishedFirmware,
                    serial: device.serial.isEmpty ? nil : device.serial, metadata: key.metadata),
                roots: policy.roots)
        }
        self.attestation = attestation
        let stated = attestation.flatMap { $0.isVerified ? $0.statement : nil }
        let firmware = stated?.firmware ?? device.publishedFirmware
        advisories = Advisory.all.compactMap { advisory in
            advisory.match(
                manufacturer: manufacturer, model: device.model, firmware: firmware,
                kind: publicKey.kind
            ).map { match in
                AdvisoryFinding(
                    advisory: advisory, match: match,
                    acceptance: policy.acceptance(of: advisory)?.reason)
            }
        }
        violations =
            Self.attestationViolations(attestation, policy)
            + advisories.filter(\.forbids).map { found in
                Violation(
                    .tokenAdvisory, "\(found.advisory.id): \(found.advisory.title)",
                    hint: "\(found.advisory.source); a policy can accept it by its ID")
            }
            + Self.useViolations(
                publicKey, firmware: firmware,
                pin: stated?.pinPolicy ?? key.metadata?.pinPolicy,
                touch: stated?.touchPolicy ?? key.metadata?.touchPolicy, policy)
    }

    private static func attestationViolations(
        _ verdict: AttestationVerdict?, _ policy: TokenPolicy
    ) -> [Violation] {
        guard policy.attestation != .none else { return [] }
        guard let verdict else {
            guard policy.attestation == .required else { return [] }
            return [
                Violation(
                    .tokenAttestation,
                    "the token gives no attestation of the key, which the policy requires")
            ]
        }
        return verdict.faults.map { Violation(.tokenAttestation, $0) }
    }

    private static func useViolations(
        _ publicKey: PublicKey, firmware: FirmwareVersion?, pin: PINPolicy?, touch: TouchPolicy?,
        _ policy: TokenPolicy
    ) -> [Violation] {
        var violations: [Violation] = []
        let kind = TokenPolicy.kindName(of: publicKey)
        if !policy.allows(keyKind: kind) {
            violations.append(
                Violation(
                    .tokenKeyKind,
                    "CA key kind \(kind) is not one of the policy's: "
                        + policy.keyKinds.joined(separator: ", ")))
        }
        if let minimum = policy.minimumFirmware {
            if let firmware, firmware < minimum {
                violations.append(
                    Violation(
                        .tokenFirmware, "firmware \(firmware) is older than \(minimum)"))
            } else if firmware == nil {
                violations.append(
                    Violation(
                        .tokenFirmware,
                        "the token does not tell its firmware; the policy demands \(minimum)"))
            }
        }
        violations += use("PIN", pin, of: policy.pinPolicies)
        violations += use("touch", touch, of: policy.touchPolicies)
        return violations
    }

    private static func use<Policy: Equatable & CustomStringConvertible>(
        _ noun: String, _ found: Policy?, of allowed: [Policy]
    ) -> [Violation] {
        guard !allowed.isEmpty, found.map({ !allowed.contains($0) }) ?? true else { return [] }
        let names = allowed.map(\.description).joined(separator: ", ")
        let what = found.map { "the key's \(noun) policy is \($0)" }
        return [
            Violation(
                .tokenUse,
                (what ?? "the token does not tell the key's \(noun) policy")
                    + "; the policy demands \(names)")
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import AttestationSupport
import Documents
import SSHCrypto
import SSHFormats
import Testing
import TokenEvidence

@Suite("A token held against the policy") struct TokenReviewTests {
    private static let claims = ModuleClaims(sensitive: true)

    private func review(
        _ attested: Attested, policy: TokenPolicy, firmware: FirmwareVersion? = nil,
        isAttested: Bool = true, metadata: KeyMetadata? = nil
    ) throws -> TokenReview {
        let chain = AttestationChain(
            slot: 0x9C, certificates: [attested.leaf.bytes, attested.device.bytes])
        return TokenReview(
            try attested.key(),
            key: KeyEvidence(
                claims: Self.claims, metadata: metadata, attestation: isAttested ? chain : nil),
            device: DeviceEvidence(
                model: "YubiKey YK5", serial: "28751259", firmware: firmware),
            manufacturer: "Yubico",
            certificates: [attested.intermediate.bytes, attested.root.bytes], policy: policy)
    }

    private func policy(_ attested: Attested) -> TokenPolicy {
        var policy = TokenPolicy.standard
        policy.roots = attested.roots
        return policy
    }

    @Test("an attestation that is given must hold, one that is not is no fault")
    func whereGiven() throws {
        let attested = try Attested()
        #expect(try review(attested, policy: policy(attested)).violations == [])
        #expect(
            try review(attested, policy: .standard).violations == [
                Violation(
                    .tokenAttestation,
                    "the attestation leads to no root that is pinned; its top is signed by "
                        + "CN=Site Root")
            ])
        let without = try review(attested, policy: .standard, isAttested: false)
        #expect(without.violations == [])
        #expect(without.attestation == nil)
    }

    @Test(
        "an attestation that is required must be given; one that counts for nothing need not hold")
    func required() throws {
        let attested = try Attested()
        var policy = policy(attested)
        policy.attestation = .required
        #expect(try review(attested, policy: policy).violations == [])
        #expect(
            try review(attested, policy: policy, isAttested: false).violations == [
                Violation(
                    .tokenAttestation,
                    "the token gives no attestation of the key, which the policy requires")
            ])
        policy.attestation = .none
        policy.roots = []
        let review = try review(attested, policy: policy)
        #expect(review.violations == [])
        #expect(review.attestation?.isVerified == false)
    }

    @Test("the module's two numbers of firmware agree with the attested three")
    func packedFirmware() throws {
        let attested = try Attested()
        #expect(
            try review(
                attested, policy: policy(attested), firmware: FirmwareVersion(5, 43, 0)
            ).violations == [])
        #expect(
            try review(
                attested, policy: policy(attested), firmware: FirmwareVersion(5, 44, 0)
            ).violations.map(\.message)
                == ["the attested firmware is 5.4.3, the device says 5.4.4"])
    }

    @Test("firmware, PIN, touch and kind are held against the policy, on both sides of each bound")
    func demands() throws {
        let attested = try Attested()
        var policy = policy(attested)
        policy.minimumFirmware = FirmwareVersion(5, 4, 3)
        policy.pinPolicies = [.always]
        policy.touchPolicies = [.cached, .always]
        policy.keyKinds = ["ecdsa-p384"]
        #expect(try review(attested, policy: policy).violations == [])
        policy.minimumFirmware = FirmwareVersion(5, 4, 4)
        policy.pinPolicies = [.once]
        policy.touchPolicies = [.cached, .never]
        policy.keyKinds = ["ed25519", "rsa-4096"]
        #expect(
            try review(attested, policy: policy).violations == [
                Violation(
                    .tokenKeyKind,
                    "CA key kind ecdsa-p384 is not one of the policy's: ed25519, rsa-4096"),
                Violation(.tokenFirmware, "firmware 5.4.3 is older than 5.4.4"),
                Violation(
                    .tokenUse, "the key's PIN policy is always; the policy demands once"),
                Violation(
                    .tokenUse,
                    "the key's touch policy is always; the policy demands cached, never"),
            ])
        #expect(
            try review(attested, policy: policy, isAttested: false).violations.map(\.message) == [
                "CA key kind ecdsa-p384 is not one of the policy's: ed25519, rsa-4096",
                "the token does not tell its firmware; the policy demands 5.4.4",
                "the token does not tell the key's PIN policy; the policy demands once",
                "the token does not tell the key's touch policy; the policy demands cached, never",
            ])
        policy.keyKinds = []
        #expect(
            try review(
                attested, policy: policy, firmware: FirmwareVersion(5, 7, 0), isAttested: false,
                metadata: KeyMetadata(origin: .generated, pinPolicy: .once, touchPolicy: .never)
            ).violations == [])
    }

    @Test("an advisory warns or forbids, until the policy accepts it")
    func advisories() throws {
        let attested = try Attested()
        let warned = try review(attested, policy: policy(attested))
        #expect(
            warned.advisories.map(\.description) == [
                "YSA-2024-03 warns: EUCLEAK: who holds the device can measure ECDSA keys out of it"
            ])
        let old = try Attested(
            extensions: ["1.3.6.1.4.1.41482.3.3=DER:040304", Attested.policies],
            isRSA: true)
        var policy = policy(old)
        let forbidden = try review(old, policy: policy)
        #expect(
            forbidden.violations.map(\.message)
                == ["YSA-2017-01: ROCA: RSA keys made on the device can be factored"])
        policy.accepted = [
            TokenPolicy.Acceptance(advisory: "YSA-2017-01", reason: "the key is short-lived")
        ]
        let accepted = try review(old, policy: policy)
        #expect(accepted.violations == [])
        #expect(
            accepted.advisories.map(\.description) == [
                "YSA-2017-01 accepted: ROCA: RSA keys made on the device can be factored; "
                    + "the key is short-lived"
            ])
        policy.accepted = []
        let unknown = try review(old, policy: policy, isAttested: false)
        #expect(unknown.violations == [])
        #expect(
            unknown.advisories.map(\.description).contains(
                "YSA-2017-01 warns: ROCA: RSA keys made on the device can be factored; "
                    + "the firmware is not told"))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import Testing
import TokenEvidence

@Suite("Policy of tokens") struct TokenPolicyTests {
    private func policy(_ lines: String) throws -> TokenPolicy {
        let document = try Document(
            parsing: Array("conclave-test: v1\n\(lines)".utf8), kind: "test")
        return try TokenPolicy(document.header)
    }

    @Test("every field is read")
    func whole() throws {
        let digest = SHA256Digest(hashing: [1])
        let policy = try policy(
            """
            attestation: required
            attestation-root: yubico
            attestation-root: \(digest.hex)
            minimum-firmware: 5.7.0
            pin-policy: always
            pin-policy: once
            touch-policy: cached
            ca-key-kind: ecdsa-p384
            ca-key-kind: rsa-4096
            accepted-advisory: YSA-2024-03 the tokens never leave the safe

            """)
        #expect(policy.attestation == .required)
        #expect(policy.roots == AttestationRoot.yubico + [AttestationRoot(pin: digest)])
        #expect(policy.minimumFirmware == FirmwareVersion(5, 7, 0))
        #expect(policy.pinPolicies == [.always, .once])
        #expect(policy.touchPolicies == [.cached])
        #expect(policy.keyKinds == ["ecdsa-p384", "rsa-4096"])
        #expect(
            policy.accepted == [
                TokenPolicy.Acceptance(
                    advisory: "YSA-2024-03", reason: "the tokens never leave the safe")
            ])
        #expect(policy.allows(keyKind: "rsa-4096"))
        #expect(!policy.allows(keyKind: "ed25519"))
        #expect(TokenPolicy.standard.allows(keyKind: "ed25519"))
    }

    @Test(
        "what is out of form is told with its line",
        arguments: [
            ("attestation: maybe\n", "attestation \"maybe\" is not required, where-given or none"),
            ("attestation-root: yubico\n", "field \"attestation\" is missing"),
            (
                "attestation: required\n",
                "field \"attestation-root\" is missing: no attestation could ever hold"
            ),
            (
                "attestation: none\nattestation-root: abc\n",
                "attestation-root \"abc\" is not yubico or a SHA-256"
            ),
            (
                "attestation: none\nminimum-firmware: 5.7\n",
                "minimum-firmware \"5.7\" is not a version such as 5.7.0"
            ),
            (
                "attestation: none\npin-policy: often\n",
                "pin-policy \"often\" is not one of never, once, always, match-once, match-always"
            ),
            (
                "attestation: none\ntouch-policy: twice\n",
                "touch-policy \"twice\" is not one of never, always, cached"
            ),
            (
                "attestation: none\nca-key-kind: rsa-1024\n",
                "ca-key-kind \"rsa-1024\" is not one of ecdsa-p256, ecdsa-p384, ecdsa-p521, "
                    + "rsa-2048, rsa-3072, rsa-4096, ed25519"
            ),
            (
                "attestation: none\naccepted-advisory: YSA-2024-03\n",
                "accepted-advisory \"YSA-2024-03\" is not the ID of an advisory, a space, and a "
                    + "reason"
            ),
            (
                "attestation: none\naccepted-advisory: YSA-1999-01 because\n",
                "accepted-advisory \"YSA-1999-01 because\" is not the ID of an advisory, a space, "
                    + "and a reason"
            ),
            (
                "attestation: none\nca-key-kind: ed25519\nca-key-kind: ed25519\n",
                "ca-key-kind \"ed25519\" stands there twice"
            ),
        ])
    func refused(_ lines: String, _ message: String) {
        do {
            _ = try policy(lines)
            Issue.record("\(lines) was taken")
        } catch let error as Violations {
            #expect(error.all.map(\.message) == [message])
        } catch {
            Issue.record("\(error)")
        }
    }
}

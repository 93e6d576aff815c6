// SPDX-License-Identifier: Apache-2.0
import AttestationSupport
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Testing
import TokenEvidence

@testable import conclave_verify

/// Ceremonies whose tokens attest, told honestly and otherwise.
@Suite("What tokens attest")
struct TokenProofTests {
    private typealias Fields = [(name: String, value: String)]

    private static let statement =
        "slot=9c firmware=5.4.3 serial=28751259 pin-policy=always touch-policy=always "
        + "fips=true cspn=false"

    /// A home whose policy pins the root of the sample's chains.
    private func home(_ attestation: String = "where-given", _ more: Fields = []) throws
        -> SampleHome
    {
        let root = try Attested().root.subjectPublicKeyInfo.digest.hex
        return try SampleHome(
            tokens: [("attestation", attestation), ("attestation-root", root)] + more)
    }

    /// What an honest ceremony records of a key.
    private func proof(_ key: PublicKey) throws -> Fields {
        let attested = try Attested(key: key)
        return [
            ("firmware", "5.4.3"), ("attestation", "verified"),
            ("attestation-root", attested.root.subjectPublicKeyInfo.digest.hex),
            ("attested", Self.statement),
        ]
            + [attested.leaf, attested.device, attested.intermediate, attested.root].map {
                ("attestation-certificate", Base64.encode($0.bytes))
            }
    }

    private func replacing(_ fields: Fields, _ name: String, _ value: String) -> Fields {
        fields.map { $0.name == name ? (name, value) : $0 }
    }

    /// The lines about the first CA key, of the check of a home's first bundle; its entry tells what
    /// `told` makes of the first CA key and the second.
    private func lines(
        _ attestation: String = "where-given", _ more: Fields = [],
        told: (PublicKey, PublicKey) throws -> Fields
    ) throws -> (key: PublicKey, lines: [String]) {
        var home = try home(attestation, more)
        let (key, other) = (home.genesis.keys[0].publicKey, home.genesis.keys[1].publicKey)
        home.proofs[key] = try told(key, other)
        let check = try Samples.makeFirst(&home).check()
        return (
            key,
            check.findings.all.map(\.line).filter { $0.contains("CA key \(key.fingerprint):") }
                .map(SampleBundle.shortened)
        )
    }

    private func failed(_ key: PublicKey, _ fault: String) -> String {
        "FAIL  ENTRIES, entry 7: CA key \(key.fingerprint): \(fault) (VERIFY-TOKEN)"
    }

    @Test("an attestation is verified anew, from the entry alone")
    func verified() throws {
        let (key, lines) = try lines { key, _ in try proof(key) }
        #expect(
            lines == [
                "ok    CA key \(key.fingerprint): attested by its token under a root that the policy "
                    + "names: \(Self.statement)"
            ])
    }

    @Test("where the policy requires attestation, a key without it is a fault; elsewhere it is not")
    func required() throws {
        let (key, lines) = try lines("required") { _, _ in [] }
        #expect(
            lines == [
                failed(
                    key, "the token gives no attestation of the key, which the policy requires")
            ])
        #expect(try self.lines { _, _ in [] }.lines == [])
    }

    @Test("what was not attested cannot be recorded as if it were")
    func forged() throws {
        var (key, found) = try lines { _, other in try proof(other) }
        #expect(found == [failed(key, "the attested key is not CA key \(key.fingerprint)")])
        (key, found) = try lines { key, _ in
            replacing(try proof(key), "attested", Self.statement + " quorum=3")
        }
        #expect(
            found.first
                == failed(key, "the certificates state something else than was recorded"))
        (key, found) = try lines { key, _ in
            replacing(try proof(key), "attestation-root", String(repeating: "00", count: 32))
        }
        #expect(
            found.first
                == failed(key, "the certificates lead to another root than was recorded"))
        (key, found) = try lines { key, _ in replacing(try proof(key), "firmware", "5.4.4") }
        #expect(
            found.first == failed(key, "the attested firmware is 5.4.3, the device says 5.4.4"))
    }

    @Test("a policy that lets a key sign without proof is held to what was recorded")
    func unproven() throws {
        var (key, found) = try lines("none") { _, other in try proof(other) }
        #expect(
            found.first
                == failed(
                    key,
                    "it was recorded as verified: the attested key is not CA key "
                        + key.fingerprint))
        (key, found) = try lines("none") { _, other in
            var fields = replacing(try proof(other), "attestation", "unproven")
            let place = fields.firstIndex { $0.name == "attestation-certificate" }
            fields.insert(
                ("attestation-fault", "the attested key is another"), at: place ?? fields.endIndex)
            return fields
        }
        #expect(
            found == [
                "note  CA key \(key.fingerprint): its attestation is not proven, as the policy lets it"
            ])
    }

    @Test("PIN policy, touch policy, firmware and kind are held against the policy")
    func use() throws {
        let wanted: Fields = [
            ("minimum-firmware", "5.7.0"), ("pin-policy", "once"), ("touch-policy", "cached"),
            ("ca-key-kind", "rsa-4096"),
        ]
        let (key, lines) = try lines("where-given", wanted) { key, _ in try proof(key) }
        let kind = TokenPolicy.kindName(of: key)
        #expect(
            lines.prefix(4) == [
                failed(key, "CA key kind \(kind) is not one of the policy's: rsa-4096"),
                failed(key, "firmware 5.4.3 is older than 5.7.0"),
                failed(key, "the key's PIN policy is always; the policy demands once"),
                failed(key, "the key's touch policy is always; the policy demands cached"),
            ])
    }

    @Test("fields that do not belong together are refused with the entry")
    func outOfForm() throws {
        func faults(_ change: (Fields) -> Fields) throws -> [String] {
            var home = try home()
            let key = home.genesis.keys[0].publicKey
            home.proofs[key] = change(try proof(key))
            return try Samples.makeFirst(&home).faults
        }
        let path = "FAIL  ENTRIES, entry 7: "
        #expect(
            try faults { fields in fields.filter { $0.name != "attestation" } }.contains {
                $0.hasPrefix(path)
                    && $0.contains("field \"attestation\" is missing beside what belongs to one")
            })
        #expect(
            try faults { $0 + [("attestation-fault", "none")] }.contains {
                $0.hasPrefix(path)
                    && $0.contains("a verified attestation has a root, a statement, certificates")
            })
        #expect(
            try faults { replacing($0, "attestation", "unproven") }.contains {
                $0.hasPrefix(path) && $0.contains("an unproven attestation has a fault")
            })
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

/// Bundles that somebody on the roster altered and sealed again: every sum and the seal hold.
@Suite("A bundle that was forged and sealed again")
struct ForgedBundleTests {
    private static let user = "certificates/user/000001-alice-cert.pub"
    private static let host = "certificates/host/000001-web.example.org-cert.pub"

    private func faults(
        sealedBy sealers: [String] = ["anna"], _ change: (inout SampleBundle) throws -> Void
    ) throws -> [String] {
        try Samples.faults(sealedBy: sealers, change)
    }

    @Test("a seal by a stranger, by nobody, or by too few is not enough")
    func seals() throws {
        let stranger = try faults(sealedBy: ["alice"]) { _ in }
        #expect(stranger.count == 2)
        #expect(stranger.first?.hasPrefix("FAIL  SHA256SUMS.sig: key SHA256:") == true)
        #expect(
            stranger.first?.hasSuffix("belongs to nobody on the roster (VERIFY-SEAL)") == true)
        let nobody = "FAIL  SHA256SUMS: 0 of 1 persons of the roster have signed it (VERIFY-SEAL)"
        #expect(stranger.last == nobody)
        #expect(try faults(sealedBy: []) { _ in } == [nobody])
    }

    @Test("a person who seals twice counts once, and a gap in the numbers is a fault")
    func sealNumbers() throws {
        #expect(try faults(sealedBy: ["anna", "anna"]) { _ in } == [])
        var bundle = try Samples.first.get()
        try bundle.seal(by: ["anna", "bert"])
        bundle.files["SHA256SUMS-3.sig"] = bundle.files["SHA256SUMS-2.sig"]
        bundle.files["SHA256SUMS-2.sig"] = nil
        #expect(
            bundle.faults.contains(
                "FAIL  SHA256SUMS-3.sig: the numbers of the signatures have a gap before it "
                    + "(VERIFY-SEAL)"))
    }

    @Test("two certificates that change places are found by their names")
    func swappedCertificates() throws {
        let found = try faults { bundle in
            (bundle.files[Self.user], bundle.files[Self.host]) =
                (bundle.files[Self.host], bundle.files[Self.user])
        }
        #expect(
            found.contains(
                "FAIL  \(Self.user): it holds the host certificate with serial 1, whose name is "
                    + "certificates/host/000001-…-cert.pub (VERIFY-CERTIFICATE)"))
        // Both are in a wrong place, and beside the proof of the other.
        #expect(found.count == 4)
    }

    @Test("a certificate that is missing, doubled or signed for other bytes is found")
    func certificates() throws {
        #expect(
            try faults { $0.files[Self.user] = nil }.contains(
                "FAIL  audit/batch.txt: item 1, serial 1 of users@example.org, has no sound "
                    + "certificate in the bundle (VERIFY-CERTIFICATE)"))
        let double = "certificates/user/000001-bob-cert.pub"
        #expect(
            try faults { $0.files[double] = $0.files[Self.user] } == [
                "FAIL  \(double): item 1 has a certificate, \(Self.user) (VERIFY-CERTIFICATE)"
            ])
        let other = try faults { bundle in
            var fields = try bundle.certificate(Self.user).fields
            fields.validPrincipals = ["bob"]
            let certificate = try bundle.keys.certify(fields.toBeSigned(), by: "users")
            bundle.files[Self.user] = Array((certificate.line() + "\n").utf8)
        }
        #expect(
            other.first
                == "FAIL  \(Self.user): its signed bytes are not those that were approved in item 1 "
                + "(VERIFY-CERTIFICATE)")
    }

    @Test("a certificate by a key that is not the genesis' is found, and so is a wrong signature")
    func foreignAuthority() throws {
        let rogue = try faults { bundle in
            var fields = try bundle.certificate(Self.user).fields
            let directory = try SampleKeys()
            fields.signatureKey = try directory.makeAuthority("rogue")
            let certificate = try directory.certify(fields.toBeSigned(), by: "rogue")
            bundle.files[Self.user] = Array((certificate.line() + "\n").utf8)
        }
        #expect(rogue.first?.hasPrefix("FAIL  \(Self.user): it names SHA256:") == true)
        #expect(
            rogue.first?.hasSuffix("which is no CA key of this home (VERIFY-SIGNATURE)") == true)
        let forged = try faults { bundle in
            let fields = try bundle.certificate(Self.user).fields
            let certificate = try bundle.keys.certify(fields.toBeSigned(), by: "hosts")
            bundle.files[Self.user] = Array((certificate.line() + "\n").utf8)
        }
        #expect(
            forged.first
                == "FAIL  \(Self.user): the CA key's signature does not hold: "
                + "signature does not verify (VERIFY-SIGNATURE)")
    }

    @Test("a trust file with a key too many, too few or with options is found")
    func trustFiles() throws {
        let path = "trust/user_ca_keys.pub"
        let rogue = try SampleKeys().makeAuthority("rogue")
        let more = try faults { $0.files[path]? += Array("\(rogue.line)\n".utf8) }
        #expect(
            more == [
                "FAIL  \(path): key \(rogue.fingerprint) is not a CA key of the user authorities "
                    + "in the genesis (VERIFY-TRUST)"
            ])
        let fewer = try faults { $0.files[path] = [] }
        #expect(fewer.count == 1)
        #expect(fewer.first?.hasSuffix("of the user authorities is missing (VERIFY-TRUST)") == true)
        let options = try faults { bundle in
            bundle.files[path] = Array("cert-authority ".utf8) + (bundle.files[path] ?? [])
        }
        #expect(options.first?.hasPrefix("FAIL  \(path): line 1 is not a public key: ") == true)
        let twice = try faults { bundle in
            let keys = bundle.files[path] ?? []
            bundle.files[path] = keys + keys
        }
        #expect(twice == ["FAIL  \(path): a key stands there twice (VERIFY-TRUST)"])
        let extra = try faults { $0.files["trust/more.pub"] = Array("\(rogue.line)\n".utf8) }
        #expect(
            extra == ["FAIL  trust/more.pub: no file of this name belongs in trust/ (VERIFY-TRUST)"]
        )
    }

    @Test("clients are not made to trust a CA key for more names than the policy allows")
    func knownHosts() throws {
        let path = "trust/known_hosts"
        let wider = try faults { bundle in
            let text = String(decoding: bundle.files[path] ?? [], as: UTF8.self)
            let parts = text.split(separator: " ", maxSplits: 2)
            bundle.files[path] = Array("\(parts[0]) * \(parts[2])".utf8)
        }
        #expect(
            wider == [
                "FAIL  \(path): line 1 trusts the key for \"*\", the profiles of "
                    + "hosts@example.org allow \"*.example.org\" (VERIFY-TRUST)"
            ])
        let plain = try faults { bundle in
            bundle.files[path] = Array(
                String(decoding: bundle.files[path] ?? [], as: UTF8.self)
                    .dropFirst("@cert-authority ".count).utf8)
        }
        #expect(
            plain.first
                == "FAIL  \(path): line 1 is not @cert-authority, patterns and a public key "
                + "(VERIFY-TRUST)")
    }

    @Test("a drop-in for sshd that sets more than it should is found")
    func serverConfiguration() throws {
        let path = "sshd/conclave.conf"
        #expect(
            try faults { $0.files[path]? += Array("PermitRootLogin yes\n".utf8) } == [
                "FAIL  \(path): line 5 sets \"PermitRootLogin\", which is not one of "
                    + "TrustedUserCAKeys, RevokedKeys, AuthorizedPrincipalsFile (VERIFY-SERVER)"
            ])
        let keys = "RevokedKeys /etc/ssh/conclave/revoked_keys.krl"
        #expect(
            try faults { $0.files[path]? += Array("\(keys)\n".utf8) } == [
                "FAIL  \(path): line 5 sets RevokedKeys again (VERIFY-SERVER)"
            ])
        #expect(
            try faults { $0.files[path] = [] }.contains(
                "FAIL  \(path): it does not set RevokedKeys (VERIFY-SERVER)"))
    }

    @Test("a drop-in that turns revocation off, or sends sshd to files of others, is found")
    func serverSettings() throws {
        let path = "sshd/conclave.conf"
        for (line, setting, other) in [
            (3, "RevokedKeys /etc/ssh/conclave/revoked_keys.krl", "RevokedKeys none"),
            (
                2, "TrustedUserCAKeys /etc/ssh/conclave/user_ca_keys.pub",
                "TrustedUserCAKeys /tmp/keys.pub"
            ),
            (
                4, "AuthorizedPrincipalsFile /etc/ssh/auth_principals/%u",
                "AuthorizedPrincipalsFile %h/principals"
            ),
            (
                3, "RevokedKeys /etc/ssh/conclave/revoked_keys.krl",
                "RevokedKeys  /etc/ssh/conclave/revoked_keys.krl"
            ),
        ] {
            let found = try faults { bundle in
                let text = String(decoding: bundle.files[path] ?? [], as: UTF8.self)
                bundle.files[path] = Array(text.replacing(setting, with: other).utf8)
            }
            #expect(
                found == [
                    "FAIL  \(path): line \(line) is \"\(other)\", not \"\(setting)\" "
                        + "(VERIFY-SERVER)"
                ])
        }
    }

    @Test("nobody is let into an account that the policy keeps closed")
    func principals() throws {
        let path = "sshd/auth_principals/deploy"
        #expect(
            try faults { $0.files[path] = Array("alice\nmallory\n".utf8) } == [
                "FAIL  \(path): the policy does not let \"mallory\" log in to \"deploy\" "
                    + "(VERIFY-SERVER)",
                "FAIL  \(path): the policy lets \"bob\" log in to \"deploy\", and the file does "
                    + "not (VERIFY-SERVER)",
            ])
        #expect(
            try faults { $0.files["sshd/auth_principals/root"] = Array("alice\n".utf8) } == [
                "FAIL  sshd/auth_principals/root: the policy knows no account of this name "
                    + "(VERIFY-SERVER)"
            ])
    }

    @Test("another revocation list than the approved one is found")
    func revocationList() throws {
        let path = "trust/revoked_keys.krl"
        let found = try faults { bundle in
            bundle.files[path] = try RevocationList(version: 9, generated: 1).encoded()
        }
        #expect(found.count == 2)
        #expect(found.first?.contains("the manifest publishes ") == true)
        #expect(
            found.last
                == "FAIL  \(path): it has version 9, the manifest says 1 (VERIFY-KRL)")
        #expect(
            try faults { $0.files[path] = [1, 2, 3] }.first?
                .hasPrefix("FAIL  \(path): it cannot be read: ") == true)
        #expect(
            try faults { $0.files[path] = nil }
                == ["FAIL  \(path): it is not there (VERIFY-LISTED)"])
    }
}

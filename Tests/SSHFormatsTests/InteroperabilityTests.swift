// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// The programs of OpenSSH and OpenSSL judge what this code writes.
@Suite("OpenSSH as judge")
struct InteroperabilityTests {
    static let authorities = KeyKind.certifiable.filter { !$0.isSecurityKey }

    /// Keys that ssh-keygen takes, points on their curves, for subjects of all kinds.
    private func subject(_ kind: KeyKind) throws -> PublicKey {
        switch kind {
        case .rsa: return try Vectors.key("key-rsa3072")
        case .ecdsaP256: return try Vectors.key("key-ecdsa256")
        case .ecdsaP384: return try Vectors.key("key-ecdsa384")
        case .ecdsaP521: return try Vectors.key("key-ecdsa521")
        case .ed25519, .skEd25519:
            let key = try Vectors.key("key-ed25519")
            guard kind == .skEd25519, case .ed25519(let bytes) = key.material else { return key }
            return try PublicKey(.skEd25519(bytes, application: "ssh:"))
        case .mldsa44Ed25519: return try Samples.key(kind)
        case .skECDSA:
            guard case .ecdsa(_, let point) = try Vectors.key("key-ecdsa256").material else {
                throw NotRead(path: "key-ecdsa256")
            }
            return try PublicKey(.skECDSA(point: point, application: "ssh:vault"))
        }
    }

    private func fields(_ kind: KeyKind, by authority: PublicKey) throws -> CertificateFields {
        CertificateFields(
            nonce: Samples.bytes(32), publicKey: try subject(kind), serial: 281_474_976_710_657,
            kind: .user, keyID: "alice/7 (laptop)", validPrincipals: ["alice", "operators"],
            validAfter: 1_767_225_600, validBefore: 1_798_761_600,
            criticalOptions: [
                .verifyRequired, .sourceAddress(["192.0.2.0/24", "2001:db8::/32"]),
                .forceCommand("/usr/bin/rsync --server \".\""),
            ],
            extensions: CertificateExtension.allCases.reversed(), signatureKey: authority)
    }

    @Test(
        "certificates that this code encodes and openssl signs are sound to ssh-keygen",
        arguments: authorities)
    func certificates(authority: KeyKind) throws {
        let workshop = try Workshop()
        let key = try OpenSSLKey(authority, in: workshop)
        for kind in KeyKind.certifiable {
            for algorithm in authority.signatureAlgorithms {
                let fields = try fields(kind, by: key.publicKey)
                let toBeSigned = try fields.toBeSigned()
                let certificate = try Certificate(
                    toBeSigned: toBeSigned, signature: try key.sign(toBeSigned, by: algorithm))
                let file = try workshop.write(
                    "a-cert.pub", certificate.line(comment: "made by hand") + "\n")
                let shown = try workshop.run("ssh-keygen", "-L", "-f", file)
                #expect(shown.status == 0, "\(shown.all)")
                let lines = shown.lines
                #expect(
                    lines.dropFirst().first == "Type: \(kind.certificateTypeName) user certificate")
                #expect(
                    lines.contains {
                        $0.hasPrefix("Signing CA: ")
                            && $0.hasSuffix("(using \(algorithm.rawValue))")
                    })
                #expect(
                    Array(lines.dropFirst(4)) == [
                        "Key ID: \"alice/7 (laptop)\"", "Serial: 281474976710657",
                        "Valid: from 2026-01-01T00:00:00 to 2027-01-01T00:00:00",
                        "Principals:", "alice", "operators", "Critical Options:",
                        "force-command /usr/bin/rsync --server \".\"",
                        "source-address 192.0.2.0/24,2001:db8::/32", "verify-required",
                        "Extensions:", "no-touch-required", "permit-X11-forwarding",
                        "permit-agent-forwarding", "permit-port-forwarding", "permit-pty",
                        "permit-user-rc",
                    ])
            }
        }
    }

    @Test("a host certificate is sound to ssh-keygen")
    func hostCertificate() throws {
        let workshop = try Workshop()
        let key = try OpenSSLKey(.ecdsaP256, in: workshop)
        var fields = try fields(.ed25519, by: key.publicKey)
        fields.kind = .host
        fields.validPrincipals = ["web.example.org", "*.example.net"]
        fields.criticalOptions = []
        fields.extensions = []
        fields.validAfter = 0
        fields.validBefore = .max
        let toBeSigned = try fields.toBeSigned()
        let certificate = try Certificate(
            toBeSigned: toBeSigned, signature: try key.sign(toBeSigned, by: .ecdsaP256))
        let file = try workshop.write("h-cert.pub", certificate.line() + "\n")
        let shown = try workshop.run("ssh-keygen", "-L", "-f", file)
        #expect(shown.status == 0, "\(shown.all)")
        #expect(
            shown.lines.dropFirst().first
                == "Type: ssh-ed25519-cert-v01@openssh.com host certificate")
        #expect(
            Array(shown.lines.dropFirst(6)) == [
                "Valid: forever", "Principals:", "web.example.org", "*.example.net",
                "Critical Options: (none)", "Extensions: (none)",
            ])
    }

    @Test(
        "a certificate of ssh-keygen that was taken apart and joined again is sound to it",
        arguments: Vectors.authorities)
    func rejoined(authority: String) throws {
        let workshop = try Workshop()
        for name in Vectors.certificateNames where name.hasSuffix("-by-\(authority)") {
            let original = try Vectors.certificate(name)
            let again = try Certificate(
                toBeSigned: try original.fields.toBeSigned(),
                signature: try Signature(
                    algorithm: original.signature.algorithm, value: original.signature.value))
            let file = try workshop.write("a-cert.pub", again.line(comment: name) + "\n")
            let shown = try workshop.run("ssh-keygen", "-L", "-f", file)
            #expect(shown.status == 0, "\(shown.all)")
        }
    }

    @Test("the judge refuses a certificate whose signed bytes were changed")
    func changed() throws {
        let workshop = try Workshop()
        let original = try Vectors.certificate("user-ed25519-by-ed25519")
        var fields = original.fields
        fields.serial += 1
        let changed = try Certificate(
            toBeSigned: try fields.toBeSigned(), signature: original.signature)
        let file = try workshop.write("a-cert.pub", changed.line() + "\n")
        #expect(try workshop.run("ssh-keygen", "-L", "-f", file).status != 0)
    }

    @Test(
        "what the installed ssh-keygen signs today is read and comes back", arguments: authorities)
    func fresh(authority: KeyKind) throws {
        let workshop = try Workshop()
        let type =
            switch authority {
            case .rsa: ["-t", "rsa", "-b", "2048"]
            case .ed25519: ["-t", "ed25519"]
            default: ["-t", "ecdsa", "-b", String(authority.rawValue.suffix(3))]
            }
        let ca = "\(workshop.path)/ca"
        let user = "\(workshop.path)/user"
        try workshop.expect(["ssh-keygen", "-q", "-N", "", "-f", ca] + type)
        try workshop.expect(["ssh-keygen", "-q", "-N", "", "-f", user, "-t", "ed25519"])
        // ECDSA signatures differ in length from one to the next.
        for serial in 1...8 {
            try workshop.expect([
                "ssh-keygen", "-q", "-s", ca, "-I", "id", "-n", "alice", "-z", String(serial),
                "-V", "20260101000000Z:20270101000000Z", "-O", "source-address=10.0.0.0/8",
                "\(user).pub",
            ])
            let line = String(
                decoding: try readFile("\(user)-cert.pub").dropLast(), as: UTF8.self)
            let certificate = try Certificate(line: line)
            #expect(certificate.fields.serial == UInt64(serial))
            #expect(try certificate.fields.toBeSigned() == certificate.toBeSigned)
        }
    }

    @Test(
        "addresses that ssh-keygen refuses are refused, and those taken are taken by it",
        arguments: [
            ("127.0.0.1", true), ("::1", true), ("10.0.0.0/8", true), ("2001:db8::/32", true),
            ("0.0.0.0/0", true), ("::ffff:192.0.2.1", true), ("1:2:3:4:5:6:7::", true),
            ("192.0.2.128/25", true), ("10.0.0.1/8", false), ("!10.0.0.1", false),
            ("10.0.0.1,", false), ("10.0.0.1, ::1", false), ("fe80::1%lo", false),
            ("localhost", false), ("*", false), ("10.0.0.0/33", false), ("::/129", false),
            ("1::2::3", false), ("10.0.0.256", false),
        ])
    func addresses(list: String, taken: Bool) throws {
        #expect(((try? CriticalOption(text: "source-address=\(list)")) != nil) == taken)
        let workshop = try Workshop()
        let key = "\(workshop.path)/k"
        try workshop.expect(["ssh-keygen", "-q", "-N", "", "-f", key, "-t", "ed25519"])
        let signed = try workshop.run(
            "ssh-keygen", "-q", "-s", key, "-I", "id", "-n", "a", "-O", "source-address=\(list)",
            "\(key).pub")
        #expect((signed.status == 0) == taken, "\(signed.all)")
    }

    @Test(
        "SSHSIG signatures that openssl makes over our data are good to ssh-keygen",
        arguments: authorities)
    func signatures(authority: KeyKind) throws {
        let workshop = try Workshop()
        let key = try OpenSSLKey(authority, in: workshop)
        let message = try workshop.write("message", "a text\n")
        let namespace = "conclave-batch-v1"
        let signers = try workshop.write(
            "signers",
            try AllowedSigners.line(
                principal: "*@example.org", namespaces: ["conclave-*", "file"],
                key: key.publicKey) + "\n")
        for hash in SSHSIG.HashAlgorithm.allCases {
            for algorithm in authority.signatureAlgorithms {
                let digest = try workshop.expect([
                    "openssl", "dgst", "-\(hash.rawValue)", "-binary", message,
                ])
                let data = SSHSIG.signedData(
                    namespace: namespace, hashAlgorithm: hash, messageHash: digest)
                let signature = try SSHSIG(
                    publicKey: key.publicKey, namespace: namespace, hashAlgorithm: hash,
                    signature: try key.sign(data, by: algorithm))
                let file = try workshop.write("message.sig", signature.armored)
                func verify(_ principal: String, _ namespace: String) throws -> Bool {
                    try workshop.run(
                        "ssh-keygen", "-Y", "verify", "-f", signers, "-I", principal, "-n",
                        namespace, "-s", file, input: message
                    ).status == 0
                }
                #expect(try verify("alice@example.org", namespace))
                #expect(try !verify("alice@example.com", namespace))
                #expect(try !verify("alice@example.org", "file"))
            }
        }
    }

    @Test("a line of allowed_signers holds for its principal and its namespaces only")
    func allowedSigners() throws {
        let workshop = try Workshop()
        let key = try Vectors.key("key-ed25519")
        let signature = "\(Vectors.root)/signatures/ed25519.sig"
        let message = "\(Vectors.root)/signatures/message"
        func verify(_ line: String) throws -> Bool {
            let signers = try workshop.write("signers", line + "\n")
            return try workshop.run(
                "ssh-keygen", "-Y", "verify", "-f", signers, "-I", "alice", "-n",
                "conclave-test-v1", "-s", signature, input: message
            ).status == 0
        }
        let right = try AllowedSigners.line(
            principal: "alice", namespaces: ["x", "conclave-test-v1"], key: key)
        #expect(try verify(right))
        let others = [
            try AllowedSigners.line(principal: "bob", namespaces: ["conclave-test-v1"], key: key),
            try AllowedSigners.line(principal: "alice", namespaces: ["conclave-test"], key: key),
            try AllowedSigners.line(
                principal: "alice", namespaces: ["conclave-test-v1"],
                key: try Vectors.key("key-ecdsa256")),
        ]
        for line in others { #expect(try !verify(line)) }
    }

    @Test(
        "an authority's line of known_hosts is found for the hosts of its patterns only",
        arguments: [
            ("web.example.org", true), ("mail.example.net", true), ("old.example.org", false),
            ("example.com", false),
        ])
    func knownHosts(host: String, found: Bool) throws {
        let workshop = try Workshop()
        let line = try KnownHosts.certificateAuthorityLine(
            patterns: ["*.example.org", "!old.example.org", "mail.example.net"],
            key: try Vectors.key("ca-ecdsa384"))
        let file = try workshop.write("known_hosts", line + "\n")
        let shown = try workshop.run("ssh-keygen", "-F", host, "-f", file)
        #expect((shown.status == 0) == found, "\(shown.all)")
        #expect(shown.lines.contains(line) == found, "\(shown.all)")
        #expect(shown.text.contains("CA") == found)
    }
}

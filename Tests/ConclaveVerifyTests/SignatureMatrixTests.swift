// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@Suite("Signatures, as ssh-keygen -Y verify judges them")
struct SignatureMatrixTests {
    private let message = Array("the text of the year\n".utf8)

    private struct Signer {
        let judge: SignatureJudge
        let key: String
        let certificate: String
        let authority: String
        let stranger: String
        let workshop: SignerWorkshop
    }

    /// A signature by a new key of a kind, with its certificate where one is wanted.
    private func signer(_ kind: String, certified: Bool) throws -> Signer {
        let workshop = try SignerWorkshop()
        try workshop.makeKey("key", kind: kind)
        try workshop.makeKey("stranger", kind: kind)
        try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca")
        let file = try workshop.sign(
            message, with: certified ? "key-cert.pub" : "key.pub", as: "message")
        return Signer(
            judge: SignatureJudge(workshop: workshop, message: message, signature: file),
            key: try workshop.line("key.pub"), certificate: try workshop.line("key-cert.pub"),
            authority: try workshop.line("ca.pub"), stranger: try workshop.line("stranger.pub"),
            workshop: workshop)
    }

    @Test(
        "every kind of line, option and pattern has the same answer",
        arguments: SignerWorkshop.kindNames, [false, true])
    func lines(kind: String, certified: Bool) throws {
        let signer = try signer(kind, certified: certified)
        var judge = signer.judge
        let own = [signer.key, signer.certificate, "cert-authority \(signer.authority)"]
        let others = [
            "cert-authority \(signer.key)", signer.authority, signer.stranger,
            "cert-authority \(signer.stranger)",
        ]
        for key in others {
            judge.list = "alice \(key)\n*,!bob \(key) comment\n"
            try judge.expectAgreement()
        }
        for key in own {
            for principals in [
                "alice", "*", "!alice,*", "bob", "bob,al?ce", "\"alice\"", "\"a b\",alice",
                "Alice", "!bob,a*", "!bob",
            ] {
                judge.list = "\(principals) \(key) comment\n"
                try judge.expectAgreement()
            }
            let isPlain = !key.hasPrefix("cert-authority")
            for option in [
                "namespaces=\"file\"", "namespaces=\"git\"", "namespaces=\"f*,!file\"",
                "NameSpaces=\"git,f?le\"", "valid-after=\"20260201Z\"",
                "valid-after=\"20260201000001Z\"", "valid-before=\"20260201000000Z\"",
                "valid-before=\"20260131235959UTC\"",
                "valid-after=\"20260101Z\",valid-before=\"202603010000Z\",namespaces=\"file\"",
            ] {
                judge.list = "alice \(option)\(isPlain ? " " : ",")\(key)\n"
                try judge.expectAgreement()
            }
        }
        judge.list = "alice \(signer.key)\nalice cert-authority \(signer.authority)\n"
        for namespace in ["file", "git", "File"] {
            judge.namespace = namespace
            try judge.expectAgreement()
        }
        judge.namespace = "file"
        for identity in ["alice", "carol", "bob", "alic", "ALICE"] {
            judge.identity = identity
            try judge.expectAgreement()
            judge.list = "* \(signer.key)\n* cert-authority \(signer.authority)\n"
            try judge.expectAgreement()
        }
        judge.identity = "alice"
        judge.message.append(0x0A)
        try judge.expectAgreement("another message")
    }

    @Test(
        "a certificate's time and names have the same answer at their bounds",
        arguments: ["ed25519", "ecdsa-sk"])
    func certificates(kind: String) throws {
        let signer = try signer(kind, certified: true)
        var judge = signer.judge
        judge.list = "* cert-authority \(signer.authority)\n"
        let start: UInt64 = 1_767_225_600
        let end: UInt64 = 1_780_272_000
        for time in [1, start - 1, start, end - 1, end, end + 1] {
            judge.time = time
            try judge.expectAgreement()
        }
        judge.time = start
        for identity in ["alice", "carol", "dave", "key of alice", "*", "alice,carol"] {
            judge.identity = identity
            try judge.expectAgreement()
        }
    }

    @Test(
        "revoked keys and lists have the same answer", arguments: ["rsa", "ed25519", "ed25519-sk"],
        [false, true])
    func revocation(kind: String, certified: Bool) throws {
        let signer = try signer(kind, certified: certified)
        var judge = signer.judge
        judge.list = "alice \(signer.key)\nalice cert-authority \(signer.authority)\n"
        for lines in [
            signer.key, signer.certificate, signer.authority, signer.stranger,
            "# none\n\n  \(signer.stranger) c\n\(signer.key)", "\(signer.stranger)\nnonsense\n",
            "nonsense\n\(signer.stranger)", "cert-authority \(signer.authority)",
            "ssh-ed25519 \(signer.authority.dropFirst(13))", "SSHKRL", "SSHKRL\n\0",
        ] {
            judge.revoked = Array("\(lines)\n".utf8)
            try judge.expectAgreement(lines)
        }
        let workshop = signer.workshop
        for (index, specification) in [
            ["key.pub"], ["key-cert.pub"], ["ca.pub"], ["stranger.pub"],
        ].enumerated() {
            let path = workshop.directory.file("krl-\(index)")
            let outcome = try workshop.keygen(
                ["-q", "-k", "-f", path] + specification.map(workshop.directory.file))
            #expect(outcome.status == .exited(0), "\(outcome.errors)")
            judge.revoked = try workshop.directory.read("krl-\(index)")
            try judge.expectAgreement("\(specification)")
        }
        for (index, line) in [
            "serial: 7", "serial: 1-6", "serial: 8", "serial: 2-70", "id: key of alice", "id: key",
        ].enumerated() {
            try workshop.directory.write("specification", "\(line)\n")
            let path = workshop.directory.file("krl-s\(index)")
            let outcome = try workshop.keygen([
                "-q", "-k", "-f", path, "-s", workshop.directory.file("ca.pub"),
                workshop.directory.file("specification"),
            ])
            #expect(outcome.status == .exited(0), "\(outcome.errors)")
            judge.revoked = try workshop.directory.read("krl-s\(index)")
            try judge.expectAgreement(line)
        }
        for (index, hash) in ["sha1", "sha256"].enumerated() {
            try workshop.directory.write("specification", "\(hash): \(signer.key)\n")
            let path = workshop.directory.file("krl-h\(index)")
            let outcome = try workshop.keygen([
                "-q", "-k", "-f", path, workshop.directory.file("specification"),
            ])
            #expect(outcome.status == .exited(0), "\(outcome.errors)")
            judge.revoked = try workshop.directory.read("krl-h\(index)")
            try judge.expectAgreement(hash)
        }
    }

    @Test("a line that cannot be read allows nothing, and others still do")
    func badLines() throws {
        let signer = try signer("ed25519", certified: false)
        var judge = signer.judge
        let key = signer.key
        let base64 = key.dropFirst(12)
        for line in [
            "alice", "alice ", "\"alice \(key)", "alice octopus \(key)", "alice namespaces \(key)",
            "alice namespaces=file \(key)", "alice namespaces=\"file \(key)",
            "alice namespaces=\"file\",namespaces=\"file\" \(key)", "alice cert-authority, \(key)",
            "alice valid-after=\"2026\" \(key)", "alice valid-after=\"20269901Z\" \(key)",
            "alice valid-after=\"19700101Z\" \(key)", "alice valid-after=20250101 \(key)",
            "alice valid-after=\"20260101Z\",valid-after=\"20260101Z\" \(key)",
            "alice valid-after=\"20260301Z\",valid-before=\"20260101Z\" \(key)",
            "alice valid-after=\"20260101Z\",valid-before=\"20260101Z\" \(key)",
            "alice ssh-ed25519", "alice ssh-ed25519 AAAA", "alice ssh-rsa \(base64)",
            "alice ssh-ed25519 \(base64)=", "alice ssh-ed25519 \(base64.dropLast())",
            "alice no-such-type \(base64)", "alice cert-authority ssh-ed25519",
            "alice cert-authority=\"yes\" \(key)", "alice namespaces=\"file\"x \(key)",
            "alice \"namespaces=\"file\" \(key)", "#alice \(key)", " # alice \(key)",
            "alice@ \(key)",
        ] {
            judge.list = "\(line)\n"
            try judge.expectAgreement()
            #expect(try judge.ours() != [])
            judge.list = "\n\(line)\nalice \(key)\n"
            try judge.expectAgreement()
            #expect(try judge.ours() == [])
            judge.list = "alice \(key)\n\(line)"
            #expect(try judge.ours() == [])
            try judge.expectAgreement()
        }
        for line in [
            "\talice\t\(key)", "alice   \(key)  two words",
            "alice CERT-AUTHORITY,namespaces=\"file\" \(key)",
            "alice namespaces=\"file\\\"\",valid-after=\"20260101Z\" \(key)",
            "alice namespaces=\"a b,file\" \(key)", "alice \(key)\r", "alice \(key) c\r",
            "alice valid-before=\"20270101\" \(key)", "alice,alice \(key)",
        ] {
            judge.list = "\(line)\n"
            if line.contains("20270101\"") {
                #expect(try judge.ours() != [], "no clock for a time without Z")
            } else {
                try judge.expectAgreement()
            }
        }
    }

    @Test("a signature over each hash, and one that was altered, have the same answer")
    func hashes() throws {
        let workshop = try SignerWorkshop()
        let key = try workshop.makeKey("key", kind: "rsa")
        for hash in SSHSIG.HashAlgorithm.allCases {
            let file = try workshop.sign(message, with: "key", as: "m-\(hash)", hash: hash)
            var judge = SignatureJudge(
                workshop: workshop, message: message, signature: file,
                list: "alice \(key.line)\n")
            try judge.expectAgreement()
            #expect(try judge.ours() == [])
            let sshsig = try SSHSIG(armored: try contents(ofFile: file))
            for index in stride(from: 0, to: sshsig.blob.count, by: 7) {
                var blob = sshsig.blob
                blob[index] ^= 0x20
                let armor = "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(blob))\n"
                judge.signature = try workshop.directory.write(
                    "altered", armor + "-----END SSH SIGNATURE-----\n")
                try judge.expectAgreement("byte \(index)")
                #expect(try judge.ours() != [])
            }
        }
    }
}

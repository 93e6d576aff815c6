// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

/// The table of `Docs/Formats/Signature.md`: each difference from `ssh-keygen -Y verify`, shown.
@Suite("Differences from ssh-keygen -Y verify")
struct SignatureDifferenceTests {
    private let message = Array("the text of the year\n".utf8)
    private let workshop: SignerWorkshop
    private let key: PublicKey
    private let judge: SignatureJudge

    init() throws {
        workshop = try SignerWorkshop()
        key = try workshop.makeKey("key", kind: "ed25519")
        judge = SignatureJudge(
            workshop: workshop, message: message,
            signature: try workshop.sign(message, with: "key", as: "message"),
            list: "alice \(key.line)\n")
    }

    /// Expects that ssh-keygen takes it, and that we refuse it with this text.
    private func expectStricter(
        _ change: (inout SignatureJudge) throws -> Void, _ expected: String
    ) throws {
        var judge = judge
        try change(&judge)
        let theirs = try judge.openSSH()
        #expect(theirs.isTaken, "\(expected): \(theirs.text)")
        let ours = try judge.ours()
        #expect(ours.count == 1 && ours[0].hasPrefix(expected), "\(ours)")
    }

    @Test("lines that ssh-keygen reads and an administrator cannot have meant")
    func lines() throws {
        let line = key.line
        for text in [
            "alice,,bob \(line)", "alice, \(line)", "al\"ice\" \(line)",
            "alice ,namespaces=\"file\" \(line)",
            "alice namespaces=\"file\",,valid-after=\"20260101Z\" \(line)",
            "alice valid-before=\"20260230Z\" \(line)",
            "alice valid-before=\"20260301125960Z\" \(line)", "alice \(line) \u{1B}[2J",
            "alice \(line) a\u{0}b", "alice\u{0D}\(line)",
        ] {
            try expectStricter(
                { $0.list = "\(text)\n" },
                "no line allows key \(key.fingerprint) to sign as \"alice\"")
        }
    }

    @Test("an authority that is listed by a certificate of its own")
    func certifiedAuthority() throws {
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca")
        try workshop.certify("ca", by: "ca")
        let list = "alice cert-authority \(try workshop.line("ca-cert.pub"))\n"
        let file = try workshop.sign(message, with: "key-cert.pub", as: "certified")
        try expectStricter(
            {
                $0.signature = file
                $0.list = list
            },
            "no line allows the certificate for key \(key.fingerprint) by \(authority.fingerprint)")
    }

    @Test("a signature's file and blob that are not the one that was written")
    func blobs() throws {
        let armored = String(
            decoding: try contents(ofFile: judge.signature), as: UTF8.self)
        let sshsig = try SSHSIG(armored: Array(armored.utf8))
        func file(_ text: String) throws -> String {
            try workshop.directory.write("other.sig", text)
        }
        func armor(_ blob: [UInt8]) -> String {
            "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(blob))\n-----END SSH SIGNATURE-----\n"
        }
        try expectStricter(
            { $0.signature = try file(armored + "and more\n") }, "armor at byte ")
        try expectStricter(
            { $0.signature = try file(armored + "\n") }, "armor at byte ")
        try expectStricter(
            {
                $0.signature = try file(
                    armored.replacing("\n-----END", with: "\n \n-----END"))
            }, "armor at byte ")
        var blob = sshsig.blob
        blob[9] = 0
        try expectStricter(
            { [blob] in $0.signature = try file(armor(blob)) }, "version at byte 6: 0 is not 1")
        var writer = WireWriter()
        writer.raw(sshsig.blob.prefix(10))
        writer.string(key.blob)
        writer.string("file")
        writer.string("reserved")
        writer.string("sha512")
        writer.string(sshsig.signature.blob)
        try expectStricter(
            { [writer] in $0.signature = try file(armor(writer.bytes)) },
            "reserved at byte 77: 8 bytes are left over")
    }

    @Test("a namespace that a screen cannot show as it is")
    func namespace() throws {
        try expectStricter(
            {
                $0.namespace = "datei-für"
                $0.signature = try workshop.sign(
                    message, with: "key", namespace: "datei-für", as: "namespaced")
            }, "namespace at byte 76: byte c3 is not printable ASCII")
    }

    @Test("keys that prove nothing")
    func keys() throws {
        let outcome = try workshop.keygen([
            "-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", workshop.directory.file("short"),
        ])
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
        try expectStricter(
            {
                $0.signature = try workshop.sign(message, with: "short", as: "by-short")
                $0.list = "alice \(try workshop.line("short.pub"))\n"
            }, "key refused: RSA")
    }

    @Test("certificates that the strictest reader refuses")
    func certificates() throws {
        try workshop.makeKey("ca", kind: "ed25519")
        try workshop.makeKey("rsa-ca", kind: "rsa")
        try workshop.makeKey("token-ca", kind: "ed25519-sk")
        func signed(_ judge: inout SignatureJudge, by authority: String, _ name: String) throws {
            judge.signature = try workshop.sign(
                message, with: "key-cert.pub", as: "by-\(name)")
            judge.list = "alice cert-authority \(try workshop.line("\(authority).pub"))\n"
        }
        try workshop.certifyLoosely("key", by: "ca", options: ["-O", "extension:a@example.org"])
        try expectStricter({ try signed(&$0, by: "ca", "extension") }, "extension at byte ")
        try workshop.certifyLoosely("key", by: "rsa-ca", options: ["-t", "ssh-rsa"])
        try expectStricter(
            { try signed(&$0, by: "rsa-ca", "sha1") }, "signature algorithm at byte ")
        try workshop.certifyLoosely("key", by: "token-ca")
        try expectStricter({ try signed(&$0, by: "token-ca", "token") }, "signature key at byte ")
    }

    @Test("revoked keys of which there are none")
    func nothingRevoked() throws {
        for text in ["", "# none yet\n"] {
            try expectStricter(
                { $0.revoked = Array(text.utf8) },
                "revoked keys at byte 0: it is no revocation list and holds no key")
        }
    }

    @Test("what we take and ssh-keygen does not")
    func laxer() throws {
        var judge = judge
        let armored = String(
            decoding: try contents(ofFile: judge.signature), as: UTF8.self)
        judge.signature = try workshop.directory.write(
            "other.sig", armored.replacing("\n", with: "\r\n"))
        // From 9.5 on, ssh-keygen takes it too.
        #expect(try judge.ours() == [])
    }
}

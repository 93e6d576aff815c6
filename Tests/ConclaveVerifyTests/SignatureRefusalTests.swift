// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@Suite("Signatures that are refused, and why")
struct SignatureRefusalTests {
    private let message = Array("the text of the year\n".utf8)
    private let workshop: SignerWorkshop

    init() throws {
        workshop = try SignerWorkshop()
    }

    private func judge(
        _ signer: String, list: String, flags: String? = nil
    ) throws -> SignatureJudge {
        let file = try workshop.sign(
            message, with: signer, as: "message-\(signer)-\(flags ?? "")",
            environment: flags.map { ["CONCLAVE_TEST_SK_FLAGS": $0] } ?? [:])
        return SignatureJudge(
            workshop: workshop, message: message, signature: file, list: list)
    }

    /// What we say of a signature; ssh-keygen is expected to take it.
    private func stricter(_ judge: SignatureJudge) throws -> [String] {
        let theirs = try judge.openSSH()
        #expect(theirs.isTaken, "\(theirs.text)")
        return try judge.ours()
    }

    @Test("a FIDO token that was not touched", arguments: ["ecdsa-sk", "ed25519-sk"])
    func untouched(kind: String) throws {
        let key = try workshop.makeKey("key", kind: kind)
        var judge = try judge("key", list: "alice \(key.line)\n", flags: "0x00")
        #expect(try stricter(judge) == ["FIDO token signed without user presence"])
        judge.requiresUserPresence = false
        #expect(try stricter(judge) == [])
        judge = try self.judge("key", list: "alice \(key.line)\n", flags: "0x01")
        #expect(try stricter(judge) == [])
    }

    @Test("a key that did not verify its user, where that is demanded")
    func unverified() throws {
        let key = try workshop.makeKey("key", kind: "ed25519-sk")
        let plain = try workshop.makeKey("plain", kind: "ed25519")
        func faults(_ name: String, _ key: PublicKey, _ flags: String?) throws -> [String] {
            let judge = try judge(name, list: "alice \(key.line)\n", flags: flags)
            return try judge.ours(requiresUserVerification: true)
        }
        #expect(
            try faults("key", key, "0x01") == ["FIDO token signed without user verification"])
        #expect(
            try faults("key", key, "0x04") == ["FIDO token signed without user presence"])
        #expect(
            try faults("key", key, "0x00") == [
                "FIDO token signed without user presence",
                "FIDO token signed without user verification",
            ])
        #expect(try faults("key", key, "0x05") == [])
        #expect(
            try faults("plain", plain, nil) == [
                "key is in no FIDO token, so that nobody verified the user"
            ])
    }

    @Test("a certificate lets its token off the touch, where its authority is listed")
    func letOff() throws {
        try workshop.makeKey("key", kind: "ed25519-sk")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        let certificate = try workshop.certify(
            "key", by: "ca", options: ["-O", "no-touch-required"])
        var judge = try judge(
            "key-cert.pub", list: "alice cert-authority \(authority.line)\n", flags: "0x00")
        #expect(try stricter(judge) == [])
        judge.list = "alice \(certificate.line())\n"
        #expect(try stricter(judge) == ["FIDO token signed without user presence"])
    }

    @Test("a certificate that demands a verified user")
    func verifyRequired() throws {
        try workshop.makeKey("key", kind: "ed25519-sk")
        try workshop.makeKey("plain", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        for name in ["key", "plain"] {
            try workshop.certify(name, by: "ca", options: ["-O", "verify-required"])
        }
        let list = "alice cert-authority \(authority.line)\n"
        #expect(
            try stricter(judge("key-cert.pub", list: list, flags: "0x01")) == [
                "FIDO token signed without user verification, which the certificate demands"
            ])
        #expect(try stricter(judge("key-cert.pub", list: list, flags: "0x05")) == [])
        #expect(
            try stricter(judge("plain-cert.pub", list: list)) == [
                "key is in no FIDO token, so that nobody verified the user, which the certificate "
                    + "demands"
            ])
    }

    @Test("a certificate that is for logins with limits only, unless it is listed itself")
    func logins() throws {
        try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        let certificate = try workshop.certify(
            "key", by: "ca",
            options: ["-O", "force-command=/bin/true", "-O", "source-address=10.0.0.0/8"])
        var judge = try judge(
            "key-cert.pub", list: "alice cert-authority \(authority.line)\n")
        #expect(
            try stricter(judge) == [
                "certificate of the signer: it is for logins with force-command only",
                "certificate of the signer: it is for logins with source-address only",
            ])
        judge.list = "alice \(certificate.line())\n"
        #expect(try stricter(judge) == [])
    }

    @Test("a host's certificate, and one out of its time or for others, with all faults at once")
    func certificates() throws {
        try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca", options: ["-h"])
        var judge = try judge(
            "key-cert.pub",
            list: "* namespaces=\"git\",cert-authority,valid-after=\"20270101Z\" \(authority.line)")
        judge.time = 1_780_272_000
        judge.identity = "bob"
        #expect(try !judge.openSSH().isTaken)
        #expect(
            try judge.ours() == [
                "certificate of the signer: it is a host's, and only a user's may sign",
                "certificate of the signer: it ended at 20260601000000Z, the time is "
                    + "20260601000000Z",
                "line 1: certificate is not for \"bob\"",
                "line 1: key is not for namespace \"file\"",
                "line 1: key is not valid before 20270101000000Z, the time is 20260601000000Z",
            ])
        judge.time = 1_767_225_599
        judge.identity = "alice"
        judge.list = "alice cert-authority \(authority.line)"
        #expect(
            try judge.ours() == [
                "certificate of the signer: it is a host's, and only a user's may sign",
                "certificate of the signer: it is not valid before 20260101000000Z, the time is "
                    + "20251231235959Z",
            ])
    }

    @Test("a certificate that its authority did not sign, or not with a hash that holds")
    func forged() throws {
        try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        let certificate = try workshop.certify("key", by: "ca")
        let file = try workshop.sign(message, with: "key-cert.pub", as: "message")
        let sshsig = try SSHSIG(armored: try contents(ofFile: file))
        var fields = certificate.fields
        fields.keyID = "key of mallory"
        let forged = try Certificate(
            toBeSigned: try fields.toBeSigned(), signature: certificate.signature)
        let altered = try SSHSIG(
            signer: .certificate(forged), namespace: "file", hashAlgorithm: .sha512,
            signature: sshsig.signature)
        let judge = SignatureJudge(
            workshop: workshop, message: message,
            signature: try workshop.directory.write("forged.sig", altered.armored),
            list: "alice cert-authority \(authority.line)\n")
        #expect(try !judge.openSSH().isTaken)
        #expect(try judge.ours() == ["certificate of the signer: signature does not verify"])
    }

    @Test("a message, a namespace or a signer that are others")
    func others() throws {
        let key = try workshop.makeKey("key", kind: "ed25519")
        let stranger = try workshop.makeKey("stranger", kind: "ed25519")
        var judge = try judge("key", list: "alice \(stranger.line)\nbob \(key.line)\n")
        let refusal = "no line allows key \(key.fingerprint) to sign as \"alice\""
        #expect(try judge.ours() == [refusal])
        judge.identity = "al\u{1B}ice"
        #expect(
            try judge.ours() == [
                "no line allows key \(key.fingerprint) to sign as \"al\\u{1B}ice\""
            ])
        judge.identity = "alice"
        judge.revoked = Array("\(key.line)\n".utf8)
        #expect(try judge.ours() == ["signer is revoked: key listed", refusal])
        judge.namespace = "git"
        #expect(try judge.ours() == ["signature is for namespace \"file\", not \"git\""])
        judge.namespace = "file"
        judge.message = []
        #expect(try judge.ours() == ["signature does not verify"])
    }

    @Test("a signer whose authority is revoked")
    func revokedAuthority() throws {
        try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca")
        var judge = try judge(
            "key-cert.pub", list: "alice cert-authority \(authority.line)\n")
        #expect(try judge.ours() == [])
        judge.revoked = Array("\(authority.line)\n".utf8)
        #expect(try judge.ours() == ["signer is revoked: authority key listed"])
        try judge.expectAgreement()
    }

    @Test("names are found as ssh-keygen finds them, but for those that a line excludes")
    func principals() throws {
        let key = try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca", principals: "alice,bob,carol")
        let plain = try judge("key", list: "").signature
        let certified = try judge("key-cert.pub", list: "").signature
        func compare(
            _ list: String, _ signature: String, _ expected: [String]?, theirs: [String]? = nil
        ) throws {
            let path = try workshop.directory.write("list", list)
            let outcome = try workshop.keygen([
                "-Y", "find-principals", "-f", path, "-s", signature, "-O",
                "verify-time=20260201Z",
            ])
            let found = outcome.output.split(separator: "\n").map(String.init)
            #expect((outcome.status == .exited(0)) == (expected != nil), "\(outcome.errors)")
            #expect(found == theirs ?? expected ?? [], "\(list)")
            let signers = try AllowedSigners(parsing: Array(list.utf8))
            let ours = try? signers.findPrincipals(
                for: try SSHSIG(armored: try contents(ofFile: signature)), at: 1_769_904_000)
            #expect(ours?.names == expected, "\(list)")
        }
        let line = key.line
        let by = "cert-authority \(authority.line)"
        try compare("a,*@b,!c \(line)\n", plain, ["a", "*@b", "!c"])
        try compare("a \(line)\n", certified, nil)
        try compare("a \(by)\n", plain, nil)
        try compare("a valid-before=\"20260101Z\" \(line)\nb \(line)\nc \(line)", plain, ["b"])
        try compare(
            "*,alice \(by)\n", certified, ["alice", "bob", "carol"],
            theirs: [
                "alice", "bob", "carol", "alice",
            ])
        try compare("a*,b* \(by)\n", certified, ["alice", "bob"])
        try compare("z* \(by)\nc* \(by)\n", certified, ["carol"])
        try compare(
            "*,!bob \(by)\n", certified, ["alice", "carol"],
            theirs: [
                "alice", "bob", "carol",
            ])
        try compare("", plain, nil)
        for (list, name) in [
            ("a,b \(line)\na* \(by)\n", "a"), ("a \(line)\n", "b"), ("a,!b \(line)\n", "b"),
            ("b x\na \(line)\n", "a"), ("a x\na \(line)\n", "a"),
        ] {
            let path = try workshop.directory.write("list", list)
            let outcome = try workshop.keygen(["-Y", "match-principals", "-f", path, "-I", name])
            let ours = try? AllowedSigners(parsing: Array(list.utf8)).matchPrincipals(name)
            #expect((outcome.status == .exited(0)) == (ours != nil), "\(list)")
            #expect(
                outcome.output.split(separator: "\n").map(String.init) == ours ?? [], "\(list)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Request files")
struct RequestFileTests {
    private let key: SoftwareKey
    private let draft: RequestDraft

    init() throws {
        key = try SoftwareKey("alice")
        draft = RequestDraft.user(key)
    }

    @Test("a request is read with every field that it states")
    func allFields() throws {
        let request = try draft.setting("validity", "12h").adding("option", "permit-pty")
            .adding("option", "force-command=/bin/true").adding("principal", "bob")
            .adding("purpose", "daily work").request(signedBy: key)
        #expect(request.authority == "users@example.org")
        #expect(request.kind == .user)
        #expect(request.publicKey == key.publicKey)
        #expect(request.principals == ["alice", "bob"])
        #expect(request.profile == "staff")
        #expect(request.validity == .span(try span("12h")))
        #expect(request.options.texts == ["force-command=/bin/true", "permit-pty"])
        #expect(request.created == (try time("2026-11-22T09:00:00Z")))
        #expect(request.nonce == [UInt8](repeating: 1, count: 16))
        #expect(request.requester == "Alice Adams")
        #expect(request.purpose == "daily work")
        #expect(request.renewableUntil == nil)
        #expect(request.possession.userPresent == nil)
    }

    @Test("what a request may leave out is nil")
    func optionalFields() throws {
        let request = try draft.removing("requester").request(signedBy: key)
        #expect(request.validity == nil)
        #expect(request.requester == nil)
        #expect(request.purpose == nil)
        #expect(request.options.texts == [])
    }

    @Test("a host's request may consent to renewal")
    func hostRequest() throws {
        let request = try RequestDraft.host(key).adding("renewable-until", "2027-11-22T00:00:00Z")
            .request(signedBy: key)
        #expect(request.kind == .host)
        #expect(request.renewableUntil == (try time("2027-11-22T00:00:00Z")))
    }

    @Test("text and signature make the same request in one file and in two")
    func twoFiles() throws {
        let armor = try key.seal(draft.text, namespace: CertificateRequest.namespace)
        let two = try CertificateRequest(file: draft.text, signatureFile: armor)
        let one = try CertificateRequest(file: draft.text + armor)
        #expect(one == two)
        #expect(two.file == draft.text + armor)
        #expect(two.text == draft.text)
        #expect(two.armoredSignature == armor)
    }

    @Test("a request is named by the SHA-256 of its text, whatever the signature's bytes")
    func name() throws {
        let armor = try key.seal(draft.text, namespace: CertificateRequest.namespace)
        let other = armor.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let first = try CertificateRequest(file: draft.text + armor)
        let second = try CertificateRequest(file: draft.text + other)
        #expect(first.id == SHA256Digest(hashing: draft.text))
        #expect(first.id == second.id)
        #expect(first.file != second.file)
    }

    @Test("the order of the fields is the maker's")
    func order() throws {
        var reversed = draft
        reversed.fields.reverse()
        #expect(try reversed.request(signedBy: key).principals == ["alice"])
    }

    @Test("a file with a signature and a .sig beside it is refused")
    func signedTwice() throws {
        let armor = try key.seal(draft.text, namespace: CertificateRequest.namespace)
        #expect(
            try violations {
                try CertificateRequest(file: draft.text + armor, signatureFile: armor)
            } == [
                "the file holds a signature and a .sig file stands beside it (REQUEST-SIGNATURE)"
            ])
    }

    @Test("an unsigned request is refused, together with what is wrong in its text")
    func unsigned() throws {
        #expect(
            try violations { try CertificateRequest(file: draft.text) }
                == ["the request is not signed (REQUEST-SIGNATURE)"])
        #expect(
            try violations { try CertificateRequest(file: draft.removing("principal").text) } == [
                "the request names no principal (REQUEST-PRINCIPAL)",
                "the request is not signed (REQUEST-SIGNATURE)",
            ])
    }

    @Test("every byte of the text is under the signature")
    func altered() throws {
        let armor = try key.seal(draft.text, namespace: CertificateRequest.namespace)
        for (name, value) in [("principal", "bob"), ("profile", "admins"), ("requester", "B")] {
            #expect(
                try violations {
                    try CertificateRequest(file: draft.setting(name, value).text + armor)
                } == [
                    "the signature does not hold over this text (REQUEST-POSSESSION)"
                ], "\(name)")
        }
    }

    @Test("a request signed by another key than the one to be certified is refused")
    func otherKey() throws {
        let other = try SoftwareKey("mallory")
        #expect(
            try violations { try CertificateRequest(file: draft.file(signedBy: other)) } == [
                "the request is signed by \(other.publicKey.fingerprint), not by the key to be "
                    + "certified, \(key.publicKey.fingerprint) (REQUEST-POSSESSION)"
            ])
    }

    @Test("a signature made for another purpose is refused")
    func namespace() throws {
        let armor = try key.seal(draft.text, namespace: BatchManifest.namespace)
        #expect(
            try violations { try CertificateRequest(file: draft.text + armor) } == [
                "the signature does not hold: signature is for namespace \"conclave-batch-v1\", "
                    + "not \"conclave-request-v1\" (REQUEST-POSSESSION)"
            ])
    }

    @Test("bytes behind the signature are refused")
    func trailing() throws {
        let file = try draft.file(signedBy: key)
        let faults = try violations { try CertificateRequest(file: file + [0x41]) }
        #expect(faults?.count == 1)
        #expect(faults?.first?.hasPrefix("the signature cannot be read: ") == true)
        #expect(faults?.first?.hasSuffix("(REQUEST-SIGNATURE)") == true)
    }

    @Test("no prefix of a request file is a request")
    func prefixes() throws {
        let file = try draft.file(signedBy: key)
        // The armor's last line end may be missing.
        for length in 0..<file.count - 1 {
            #expect(throws: (any Error).self, "\(length)") {
                try CertificateRequest(file: Array(file.prefix(length)))
            }
        }
    }

    @Test("a request signed with a certificate for its key is refused")
    func certificate() throws {
        let text = draft.text
        let armored = try key.seal(
            text, namespace: CertificateRequest.namespace, certifiedBy: try SoftwareKey("mallory"))
        #expect(
            try violations { try CertificateRequest(file: text, signatureFile: armored) } == [
                "the request is signed with a certificate for \(key.publicKey.fingerprint), not with "
                    + "the key itself (REQUEST-POSSESSION)"
            ])
    }

    @Test("a FIDO key that was touched proves possession, and the request remembers")
    func touched() throws {
        let token = try SoftwareKey(securityKey: "alice-token")
        let request = try RequestDraft.user(token).request(signedBy: token)
        #expect(request.possession.userPresent == true)
        #expect(request.possession.userVerified == false)
        #expect(request.possession.counter == 9)
    }

    @Test("a FIDO key that nobody touched proves nothing")
    func untouched() throws {
        let token = try SoftwareKey(securityKey: "alice-token")
        let file = try RequestDraft.user(token).file(signedBy: token, touched: false)
        #expect(
            try violations { try CertificateRequest(file: file) } == [
                "the signature does not hold: FIDO token signed without user presence "
                    + "(REQUEST-POSSESSION)"
            ])
    }

    @Test("faults of text and signature are all told at once")
    func allAtOnce() throws {
        let file =
            try draft.setting("authority", "Users").setting("profile", "a b").text
            + key.seal(draft.text, namespace: CertificateRequest.namespace)
        #expect(
            try violations { try CertificateRequest(file: file) } == [
                "line 2: authority \"Users\" is not an authority such as users@example.org "
                    + "(DOC-VALUE)",
                "line 6: profile \"a b\" is not a name of lower-case letters, digits and hyphens "
                    + "(DOC-VALUE)",
                "the signature does not hold over this text (REQUEST-POSSESSION)",
            ])
    }
}

@Suite("Requests made with ssh-keygen")
struct KeygenRequestTests {
    @Test(
        "a request by a key of every kind that ssh-keygen makes is read",
        arguments: [
            ["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"],
            ["rsa", "-b", "2048"],
        ])
    func everyKind(type: [String]) throws {
        let workshop = try KeygenWorkshop()
        let key = try workshop.makeKey("id", type)
        let text = try RequestDraft.user(SoftwareKey("alice")).setting("public-key", key.line).text
        let armor = try workshop.sign(text, with: "id", namespace: CertificateRequest.namespace)
        let request = try CertificateRequest(file: text + armor)
        #expect(request.publicKey == key)
    }

    @Test("a request by an RSA key of 1024 bits is refused for its key")
    func weakKey() throws {
        let workshop = try KeygenWorkshop()
        let key = try workshop.makeKey("id", ["rsa", "-b", "1024"])
        let text = try RequestDraft.user(SoftwareKey("alice")).setting("public-key", key.line).text
        let armor = try workshop.sign(text, with: "id", namespace: CertificateRequest.namespace)
        #expect(
            try violations { try CertificateRequest(file: text + armor) } == [
                "RSA modulus of 1024 bits is shorter than 2048 (POLICY-KEY-SANITY)"
            ])
    }
}

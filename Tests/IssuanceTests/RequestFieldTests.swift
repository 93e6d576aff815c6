// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHFormats
import Testing

@Suite("The fields of a request")
struct RequestFieldTests {
    private let key: SoftwareKey
    private let user: RequestDraft
    private let host: RequestDraft

    init() throws {
        key = try SoftwareKey("alice")
        user = RequestDraft.user(key)
        host = RequestDraft.host(key)
    }

    private func faults(_ draft: RequestDraft) throws -> [String]? {
        try violations { try CertificateRequest(file: draft.file(signedBy: key)) }
    }

    @Test(
        "a field that must be there is missed",
        arguments: ["authority", "type", "public-key", "profile", "created", "nonce"])
    func missing(name: String) throws {
        #expect(
            try faults(user.removing(name)) == [
                "line 1: field \"\(name)\" is missing (DOC-MISSING)"
            ]
        )
    }

    @Test(
        "a field that stands for one value is given once",
        arguments: [
            "authority", "type", "public-key", "profile", "created", "nonce", "requester",
        ])
    func repeated(name: String) throws {
        let place = try #require(user.fields.firstIndex { $0.name == name })
        #expect(
            try faults(user.adding(name, user.fields[place].value)) == [
                "line 10: field \"\(name)\" is given again; it stands in line \(place + 2) already "
                    + "(DOC-REPEATED)"
            ])
    }

    @Test("a field that no request has is refused")
    func unknown() throws {
        #expect(
            try faults(user.adding("serial", "7")) == [
                "line 10: field \"serial\" is not known here (DOC-FIELD)"
            ])
    }

    @Test(
        "fields of the design that are not taken yet are refused by name",
        arguments: ["renewal-of", "evidence"])
    func reserved(name: String) throws {
        #expect(
            try faults(user.adding(name, "x")) == [
                "line 10: field \"\(name)\" is not taken by this version (REQUEST-UNSUPPORTED)"
            ])
    }

    @Test(
        "a value that is not of its field's form is quoted with the form",
        arguments: [
            ("authority", "example.org", "an authority such as users@example.org"),
            ("type", "client", "user or host"), ("type", "User", "user or host"),
            ("profile", "Staff", "a name of lower-case letters, digits and hyphens"),
            ("created", "2026-11-22", "a time such as 2026-11-22T15:30:00Z"),
            ("created", "2026-02-29T00:00:00Z", "a time such as 2026-11-22T15:30:00Z"),
            ("nonce", String(repeating: "a", count: 30), "32 lower-case hex digits"),
            ("nonce", String(repeating: "a", count: 34), "32 lower-case hex digits"),
            ("nonce", String(repeating: "A", count: 32), "32 lower-case hex digits"),
            ("nonce", String(repeating: "a", count: 31), "32 lower-case hex digits"),
        ])
    func badValue(name: String, value: String, form: String) throws {
        let line = try #require(user.fields.firstIndex { $0.name == name }) + 2
        #expect(
            try faults(user.setting(name, value)) == [
                "line \(line): \(name) \"\(value)\" is not \(form) (DOC-VALUE)"
            ])
    }

    @Test("a request is one block")
    func blocks() throws {
        let text = user.text + Array("\nprincipal: bob\n".utf8)
        let file = try text + key.seal(text, namespace: CertificateRequest.namespace)
        #expect(
            try violations { try CertificateRequest(file: file) } == [
                "line 11: a request has no empty line and no second part (DOC-BLOCK)"
            ])
    }

    @Test("a heading alone lacks every field")
    func heading() throws {
        let faults = try faults(RequestDraft(fields: []))
        #expect(faults?.count == 7)
        #expect(faults?.contains("the request names no principal (REQUEST-PRINCIPAL)") == true)
    }

    @Test("lines that end in CR LF are refused with a hint")
    func windowsLineEnds() throws {
        let text = user.text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let file = try text + key.seal(text, namespace: CertificateRequest.namespace)
        #expect(
            try violations { try CertificateRequest(file: file) }
                == ["line 1: the line ends with CR LF (DOC-LINE)"])
    }

    // MARK: - The key

    @Test("a public key stands without a comment")
    func comment() throws {
        #expect(
            try faults(user.setting("public-key", key.publicKey.line + " alice@laptop")) == [
                "line 4: public-key has a comment (REQUEST-KEY)"
            ])
    }

    @Test("what is no public key is refused")
    func noKey() throws {
        let faults = try faults(user.setting("public-key", "ssh-ed25519 AAAA"))
        #expect(faults?.count == 1)
        #expect(faults?.first?.hasPrefix("line 4: public-key cannot be read: ") == true)
        #expect(faults?.first?.hasSuffix(" (REQUEST-KEY)") == true)
    }

    @Test("a certificate in place of a public key is refused, with a hint")
    func certificate() throws {
        let file = try user.setting("public-key", "ssh-ed25519-cert-v01@openssh.com AAAA")
            .file(signedBy: key)
        do {
            _ = try CertificateRequest(file: file)
            Issue.record("it was read")
        } catch {
            #expect(error.all.map(\.rule) == [.requestKey])
            #expect(
                error.all.map(\.hint)
                    == ["this is a certificate; name the plain public key (.pub)"])
        }
    }

    // MARK: - Principals

    @Test("a request names at least one principal")
    func noPrincipal() throws {
        #expect(
            try faults(user.removing("principal"))
                == ["the request names no principal (REQUEST-PRINCIPAL)"])
    }

    @Test("a principal stands there once")
    func principalTwice() throws {
        #expect(
            try faults(user.adding("principal", "alice")) == [
                "line 10: principal \"alice\" stands there twice (REQUEST-PRINCIPAL)"
            ])
    }

    @Test("principals that differ in case are two")
    func principalCase() throws {
        let request = try user.adding("principal", "Alice").request(signedBy: key)
        #expect(request.principals == ["alice", "Alice"])
    }

    @Test("every malformed principal is told with its line")
    func badPrincipals() throws {
        #expect(
            try faults(user.setting("principal", "a,b").adding("principal", "*")) == [
                "line 5: principal \"a,b\" has a character outside A-Z a-z 0-9 . _ @ : + - "
                    + "(REQUEST-PRINCIPAL)",
                "line 10: principal \"*\" has a character outside A-Z a-z 0-9 . _ @ : + - "
                    + "(REQUEST-PRINCIPAL)",
            ])
    }

    @Test("a host's principal has no upper-case letter")
    func hostUpperCase() throws {
        #expect(
            try faults(host.setting("principal", "Web1.example.org")) == [
                "line 5: host principal \"Web1.example.org\" has upper-case letters, which never "
                    + "match (REQUEST-PRINCIPAL)"
            ])
    }

    @Test("a principal that is another's look-alike in Unicode is refused")
    func lookalike() throws {
        #expect(
            try faults(user.setting("principal", "\u{212A}ate")) == [
                "line 5: field \"principal\" holds U+212A; only ASCII is allowed here (DOC-VALUE)"
            ])
    }

    // MARK: - Options

    @Test("an option that no table knows is refused by its name")
    func unknownOption() throws {
        #expect(
            try faults(user.adding("option", "permit-everything=yes")) == [
                "line 10: option \"permit-everything\" is not known (REQUEST-OPTION)"
            ])
    }

    @Test(
        "an option stands there once, whatever its value",
        arguments: [
            ("permit-pty", "permit-pty", "permit-pty"),
            ("force-command=a", "force-command=b", "force-command"),
            ("verify-required", "verify-required", "verify-required"),
        ])
    func optionTwice(first: String, second: String, name: String) throws {
        #expect(
            try faults(user.adding("option", first).adding("option", second)) == [
                "line 11: option \"\(name)\" stands there twice (REQUEST-OPTION)"
            ])
    }

    @Test(
        "an option with a value that it cannot have is refused",
        arguments: [
            "force-command", "force-command=", "source-address=10.0.0.1/8",
            "source-address=example.org", "verify-required=yes", "permit-pty=yes",
        ])
    func badOption(text: String) throws {
        let faults = try faults(user.adding("option", text))
        #expect(faults?.count == 1)
        #expect(faults?.first?.hasPrefix("line 10: option \"") == true)
        #expect(faults?.first?.hasSuffix("(REQUEST-OPTION)") == true)
    }

    @Test("a long option is cut where a message quotes it")
    func longOption() throws {
        let faults = try faults(user.adding("option", String(repeating: "o", count: 5000)))
        #expect(
            faults == [
                "line 10: option \"\(String(repeating: "o", count: 80))\"… is not known "
                    + "(REQUEST-OPTION)"
            ])
    }

    @Test("a host's request has no options, and each is told")
    func hostOptions() throws {
        #expect(
            try faults(host.adding("option", "permit-pty").adding("option", "verify-required")) == [
                "line 10: a host certificate carries no options (REQUEST-OPTION)",
                "line 11: a host certificate carries no options (REQUEST-OPTION)",
            ])
    }

    // MARK: - Words and renewal

    @Test(
        "requester and purpose may have 256 bytes and not 257", arguments: ["requester", "purpose"])
    func remarkLength(name: String) throws {
        let longest = String(repeating: "\u{E4}", count: 128)
        #expect(try faults(user.setting(name, longest)) == nil)
        let line = name == "requester" ? 9 : 10
        #expect(
            try faults(user.setting(name, longest + "a")) == [
                "line \(line): \(name) has 257 bytes, more than 256 (DOC-VALUE)"
            ])
    }

    @Test("a requester's name may be in any script, and hides nothing")
    func remarkCharacters() throws {
        let name = "Pavel Nov\u{E1}k \u{738B}"
        #expect(try user.setting("requester", name).request(signedBy: key).requester == name)
        #expect(
            try faults(user.setting("requester", "a\u{202E}b")) == [
                "line 9: field \"requester\" holds U+202E, a character that cannot be seen for "
                    + "what it is (DOC-VALUE)"
            ])
    }

    @Test("renewal is for hosts")
    func userRenewal() throws {
        #expect(
            try faults(user.adding("renewable-until", "2027-11-22T00:00:00Z")) == [
                "line 10: renewable-until is for hosts; a user asks anew (REQUEST-RENEWAL)"
            ])
    }

    @Test("a consent to renewal names a time")
    func badRenewal() throws {
        #expect(
            try faults(host.adding("renewable-until", "forever")) == [
                "line 10: renewable-until \"forever\" is not a time such as 2026-11-22T15:30:00Z "
                    + "(DOC-VALUE)"
            ])
    }

    // MARK: - Validity

    @Test("a series of certificates is refused by name")
    func series() throws {
        #expect(
            try faults(user.adding("validity", "13x7d+1d")) == [
                "line 10: a series of certificates (\"13x7d+1d\") is not taken by this version "
                    + "(REQUEST-UNSUPPORTED)"
            ])
    }

    @Test(
        "a validity that is neither a span nor a window is refused",
        arguments: [
            "0d", "7", "-7d", "07d", "7D", "always", "2026-11-22T00:00:00Z",
            "2026-11-22T00:00:00Z/2026-11-22T00:00:00Z",
            "2026-11-23T00:00:00Z/2026-11-22T00:00:00Z",
            "2026-11-22T00:00:00Z/7d", "2026-11-22T00:00:00Z/2026-11-23T00:00:00Z/",
        ])
    func badValidity(text: String) throws {
        #expect(
            try faults(user.adding("validity", text)) == [
                "line 10: validity \"\(text)\" is not a time span such as 7d, or FROM/TO as two "
                    + "times (DOC-VALUE)"
            ])
    }

    @Test("a span and a window have a length and a text")
    func validity() throws {
        let hours = try #require(RequestValidity(text: "36h"))
        #expect(hours.length == (try span("36h")))
        #expect(hours.text == "36h")
        #expect(RequestValidity(text: "2w")?.text == "14d")
        let text = "2026-11-22T00:00:00Z/2026-11-22T00:00:01Z"
        let window = try #require(RequestValidity(text: text))
        #expect(window.length == (try span("1s")))
        #expect(window.text == text)
    }
}

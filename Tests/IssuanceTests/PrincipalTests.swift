// SPDX-License-Identifier: Apache-2.0
import Issuance
import SSHFormats
import Testing

@Suite("The rules for names")
struct PrincipalTests {
    @Test(
        "a principal of letters, digits and the seven signs is taken",
        arguments: ["alice", "Alice", "a", "web1.example.org", "a_b@c:d+e-f.g", "0"])
    func goodUserPrincipal(name: String) {
        #expect(Principal.fault(in: name, kind: .user) == nil)
    }

    @Test("a principal may have 255 bytes and not 256")
    func length() {
        let longest = String(repeating: "a", count: 255)
        #expect(Principal.fault(in: longest, kind: .user) == nil)
        #expect(
            Principal.fault(in: longest + "a", kind: .user)
                == "principal has 256 bytes, more than 255")
    }

    @Test("an empty principal is refused")
    func empty() {
        #expect(Principal.fault(in: "", kind: .user) == "principal is empty")
    }

    @Test(
        "a character that widens, splits or hides a principal is refused",
        arguments: ["a,b", "*", "a?", "!a", "a b", "a/b", "a\tb", "#a", "a\u{301}", "\u{212A}"])
    func badCharacter(name: String) {
        let fault = Principal.fault(in: name, kind: .user)
        #expect(fault?.hasSuffix("has a character outside A-Z a-z 0-9 . _ @ : + -") == true)
    }

    @Test("upper-case letters are for users and not for hosts")
    func upperCase() {
        #expect(Principal.fault(in: "Web1", kind: .user) == nil)
        #expect(
            Principal.fault(in: "Web1.example.org", kind: .host)
                == "host principal \"Web1.example.org\" has upper-case letters, which never match")
        #expect(Principal.fault(in: "web1.example.org", kind: .host) == nil)
    }

    @Test("a long principal is cut where a message quotes it")
    func quotedPrincipal() {
        let name = String(repeating: "b", count: 100) + ","
        #expect(
            Principal.fault(in: name, kind: .user)
                == "principal \"\(String(repeating: "b", count: 80))\"… has a character outside "
                + "A-Z a-z 0-9 . _ @ : + -")
    }
}

@Suite("Host patterns")
struct HostPatternTests {
    @Test(
        "a pattern has a star for a whole label and two literal labels",
        arguments: ["*.example.org", "*.*.example.org", "web-1.*.example", "a.*.b"])
    func good(text: String) {
        #expect(HostPattern(text: text)?.text == text)
    }

    @Test(
        "anything wider, malformed or without a star is no pattern",
        arguments: [
            "*", "*.org", "*.*.org", "web.example.org", "w*.example.org", "*.example..org",
            "*.example.org.", ".*.example.org", "*.Example.org", "**.example.org", "",
            "*.exam_ple.org", "*.ex\u{E4}mple.org", "?.example.org",
        ])
    func bad(text: String) {
        #expect(HostPattern(text: text) == nil)
    }

    @Test("a star stands for exactly one label that is not empty")
    func matching() throws {
        let pattern = try #require(HostPattern(text: "*.example.org"))
        #expect(pattern.matches("web1.example.org"))
        #expect(pattern.matches("a-b-0.example.org"))
        for name in [
            "example.org", ".example.org", "a.b.example.org", "web1.example.com",
            "web1.example.org.", "Web1.example.org", "web1.example.orgs", "w_b.example.org",
        ] {
            #expect(!pattern.matches(name), "\(name)")
        }
    }

    @Test("a star stands for no star")
    func starItself() throws {
        let pattern = try #require(HostPattern(text: "*.example.org"))
        #expect(!pattern.matches("*.example.org"))
    }

    @Test("stars in several places each stand for a label")
    func severalStars() throws {
        let pattern = try #require(HostPattern(text: "*.a.*.b"))
        #expect(pattern.matches("x.a.y.b"))
        #expect(!pattern.matches("x.a.b"))
        #expect(!pattern.matches("x.c.y.b"))
    }
}

@Suite("Names of authorities, profiles and accounts")
struct NameTests {
    @Test(
        "an authority is a word, an at sign and a domain in lower case",
        arguments: ["users@example.org", "a@b", "0-u.s_e@e-x.org"])
    func goodAuthority(name: String) {
        #expect(AuthorityName.isValid(name))
    }

    @Test(
        "anything else is no authority",
        arguments: [
            "users", "@example.org", "users@", "Users@example.org", "u@e@x", "-u@e", "u@.e",
            "u s@e", "", "@", "u\u{E4}@e",
        ])
    func badAuthority(name: String) {
        #expect(!AuthorityName.isValid(name))
    }

    @Test("an authority may have 64 bytes and not 65")
    func authorityLength() {
        let longest = String(repeating: "a", count: 62) + "@b"
        #expect(AuthorityName.isValid(longest))
        #expect(!AuthorityName.isValid("a" + longest))
    }

    @Test("a profile is lower-case letters, digits and hyphens, 32 bytes at most")
    func profile() {
        #expect(ProfileName.isValid("web-hosts-2"))
        #expect(ProfileName.isValid(String(repeating: "p", count: 32)))
        for name in [String(repeating: "p", count: 33), "", "-a", "Web", "a_b", "a.b", "a b"] {
            #expect(!ProfileName.isValid(name), "\(name)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("lines of allowed_signers and known_hosts")
struct LineFileTests {
    @Test("a signer's line holds the principal, the namespaces and the key")
    func signer() throws {
        let key = try Samples.key(.ed25519)
        #expect(
            try AllowedSigners.line(
                principal: "alice@example.org",
                namespaces: ["conclave-batch-v1", "conclave-request-*"], key: key)
                == "alice@example.org namespaces=\"conclave-batch-v1,conclave-request-*\" \(key.line)"
        )
    }

    @Test("an authority's line holds the patterns and the key")
    func authority() throws {
        let key = try Samples.key(.ecdsaP256)
        #expect(
            try KnownHosts.certificateAuthorityLine(
                patterns: ["*.example.org", "!x.example.org", "[h]:22"], key: key)
                == "@cert-authority *.example.org,!x.example.org,[h]:22 \(key.line)")
    }

    @Test("an empty list is refused, since it would stand for everything or nothing")
    func empty() throws {
        let key = try Samples.key(.ed25519)
        #expect(
            fault { try AllowedSigners.line(principal: "a", namespaces: [], key: key) }
                == "namespaces at byte 0: there is none")
        #expect(
            fault { try KnownHosts.certificateAuthorityLine(patterns: [], key: key) }
                == "patterns at byte 0: there is none")
    }

    @Test(
        "a text that would break out of its place is refused",
        arguments: [
            ("", "at byte 0: it is empty"), ("a b", "at byte 1: it has the character ' '"),
            ("a,b", "at byte 1: it has the character ','"),
            ("a\"b", "at byte 1: it has the character '\"'"),
            ("#a", "at byte 0: it has the character '#'"),
            ("|1|a", "at byte 0: it has the character '|'"),
            ("a!b", "at byte 1: it has the character '!'"),
            ("a\\b", "at byte 1: it has the character '\\'"),
            ("a\nb", "at byte 1: byte 0a is not printable ASCII"),
            ("Zoë", "at byte 2: byte c3 is not printable ASCII"),
        ])
    func broken(text: String, expected: String) throws {
        let key = try Samples.key(.ed25519)
        #expect(
            fault { try AllowedSigners.line(principal: text, namespaces: ["n"], key: key) }
                == "principal \(expected)")
        #expect(
            fault { try AllowedSigners.line(principal: "a", namespaces: ["n", text], key: key) }
                == "namespace \(expected)")
        #expect(
            fault { try KnownHosts.certificateAuthorityLine(patterns: ["h", text], key: key) }
                == "pattern \(expected)")
    }

    @Test("a pattern negates once and not into nothing")
    func negation() throws {
        let key = try Samples.key(.ed25519)
        #expect(
            fault { try KnownHosts.certificateAuthorityLine(patterns: ["!"], key: key) }
                == "pattern at byte 0: it is empty")
        #expect(
            fault { try KnownHosts.certificateAuthorityLine(patterns: ["!!h"], key: key) }
                == "pattern at byte 0: it has the character '!'")
    }

    @Test("a pattern has 1024 characters at most")
    func length() throws {
        let key = try Samples.key(.ed25519)
        let longest = String(repeating: "h", count: 1024)
        #expect(throws: Never.self) {
            try KnownHosts.certificateAuthorityLine(patterns: [longest], key: key)
        }
        #expect(
            fault { try KnownHosts.certificateAuthorityLine(patterns: [longest + "h"], key: key) }
                == "pattern at byte 0: 1025 bytes exceed the limit of 1024")
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("allowed_signers as it is read")
struct AllowedSignersTests {
    private let key: PublicKey
    private let certificate: Certificate

    init() throws {
        key = try Samples.key(.ed25519)
        certificate = try Certificate(blob: RawCertificate().blob)
    }

    private func read(
        _ text: String, localClock: AllowedSigners.LocalClock? = nil
    ) throws -> AllowedSigners {
        try AllowedSigners(parsing: Array(text.utf8), localClock: localClock)
    }

    /// The one line of a text that can be read.
    private func entry(_ text: String) throws -> AllowedSigners.Entry {
        let list = try read(text)
        #expect(list.faultyLines.isEmpty, "\(list.faultyLines)")
        return try #require(list.entries.first)
    }

    /// What is wrong with the one line of a text.
    private func faultText(_ line: String) throws -> String {
        let list = try read(line)
        #expect(list.entries.isEmpty)
        return list.faultyLines.map(\.description).joined(separator: "; ")
    }

    @Test("a line holds patterns, a key and a comment")
    func plain() throws {
        let entry = try entry("alice@example.org,*@example.com \(key.line) Alice's key")
        #expect(entry.line == 1)
        #expect(entry.principals.description == "alice@example.org,*@example.com")
        #expect(entry.signer == .key(key))
        #expect(entry.comment == "Alice's key")
        #expect(!entry.isAuthority)
        #expect(entry.namespaces == nil)
        #expect(entry.validAfter == nil)
        #expect(entry.validBefore == nil)
        #expect(!entry.hasLocalTime)
    }

    @Test("empty lines and comments are skipped, blanks are spaces and tabs, CR ends a line")
    func layout() throws {
        let list = try read(
            "\n# alice\n \t \n\t alice\t \(key.line.replacing(" ", with: "\t \t"))\r\n\r\n"
                + "bob cert-authority  \(key.line)")
        #expect(list.faultyLines.isEmpty)
        #expect(list.entries.map(\.line) == [4, 6])
        #expect(list.entries.map(\.principals.description) == ["alice", "bob"])
        #expect(list.entries.map(\.isAuthority) == [false, true])
    }

    @Test("a signer of every kind is read, plain and certified")
    func kinds() throws {
        for material in Samples.materials {
            let key = try PublicKey(material)
            #expect(try entry("a \(key.line)").signer == .key(key))
        }
        #expect(try entry("a \(certificate.line())").signer == .certificate(certificate))
    }

    @Test("options are read in any order and any case")
    func options() throws {
        let entry = try entry(
            "a VALID-before=\"20270101z\",Cert-Authority,namespaces=\"git,file-*\","
                + "valid-AFTER=\"202601011230UTC\" \(key.line)")
        #expect(entry.isAuthority)
        #expect(entry.namespaces?.description == "git,file-*")
        #expect(entry.validAfter == 1_767_270_600)
        #expect(entry.validBefore == 1_798_761_600)
        #expect(entry.allows(namespace: "git"))
        #expect(entry.allows(namespace: "file-7"))
        #expect(!entry.allows(namespace: "GIT"))
    }

    @Test("a quote in a value is written with a backslash, which else stands for itself")
    func quotes() throws {
        let entry = try entry(#"a namespaces="a\"b,c\d e" "# + key.line)
        #expect(entry.namespaces?.patterns == ["a\"b", #"c\d e"#])
    }

    @Test("patterns may stand in quotes, and hold blanks then")
    func quotedPrincipals() throws {
        #expect(try entry("\"Alice Smith,b\" \(key.line)").principals.matches("Alice Smith"))
        #expect(
            try faultText("\"Alice \(key.line)")
                == "line 1: principals at byte 0: the quote is not closed")
        #expect(
            try faultText("\"Alice\"b \(key.line)")
                == "line 1: principals at byte 7: no blank follows the closing quote")
        #expect(
            try faultText("Al\"ice\" \(key.line)")
                == "line 1: principals at byte 2: a quote stands within")
        #expect(
            try faultText("\"\" \(key.line)") == "line 1: principals at byte 1: a pattern is empty")
    }

    @Test("both ends of the time belong to it")
    func ends() throws {
        let entry = try entry(
            "a valid-after=\"20260101000000Z\",valid-before=\"20260101000002Z\" \(key.line)")
        let start: UInt64 = 1_767_225_600
        #expect(!entry.isValid(at: start - 1))
        #expect(entry.isValid(at: start))
        #expect(entry.isValid(at: start + 2))
        #expect(!entry.isValid(at: start + 3))
    }

    @Test("a time without Z is found by the reader's clock, or not at all")
    func localTimes() throws {
        let line = "a valid-after=\"20260101120000\" \(key.line)"
        let list = try read(line) { $0.secondsInUTC - 3_600 }
        #expect(list.entries.first?.validAfter == 1_767_265_200)
        #expect(list.entries.first?.hasLocalTime == true)
        let fault =
            "line 1: valid-after at byte 14: \"20260101120000\" does not end in Z: its zone is "
            + "unknown"
        #expect(try faultText(line) == fault)
        #expect(try read(line) { _ in nil }.faultyLines.map(\.description) == [fault])
    }

    @Test(
        "options that cannot be meant are refused",
        arguments: [
            ("cert-authority=\"yes\"", "options at byte 17: cert-authority takes no value"),
            ("cert-authorityx", "options at byte 2: \"cert-authorityx\" is not known"),
            ("octopus", "options at byte 2: \"octopus\" is not known"),
            ("no-touch-required", "options at byte 2: \"no-touch-required\" is not known"),
            ("a=\"b\"", "options at byte 2: \"a\" is not known"),
            (",cert-authority", "options at byte 2: an option is empty"),
            ("cert-authority,", "options at byte 17: an option is empty"),
            ("namespaces", "options at byte 2: value is missing"),
            ("namespaces=git", "options at byte 13: the value is not in quotes"),
            ("namespaces=\"git", "options at byte 2: a quote is not closed"),
            ("namespaces=\"git\"x", "options at byte 18: no comma follows the closing quote"),
            ("namespaces=\"\"", "namespaces at byte 13: a pattern is empty"),
            ("namespaces=\"a,,b\"", "namespaces at byte 13: a pattern is empty"),
            ("namespaces=\"a\",namespaces=\"a\"", "options at byte 17: namespaces is there twice"),
            (
                "valid-after=\"20260101Z\",valid-after=\"20260101Z\"",
                "options at byte 26: valid-after is there twice"
            ),
            (
                "valid-before=\"20260101Z\",valid-before=\"20260101Z\"",
                "options at byte 27: valid-before is there twice"
            ),
            (
                "valid-after=\"20260230Z\"",
                "valid-after at byte 14: \"20260230Z\" is not a time such as 20261231235959Z"
            ),
            (
                "valid-before=\"\"",
                "valid-before at byte 15: \"\" is not a time such as 20261231235959Z"
            ),
            (
                "valid-after=\"19700101Z\"",
                "valid-after at byte 14: \"19700101Z\" is not later than 1970 began"
            ),
            (
                "valid-after=\"20260102Z\",valid-before=\"20260102Z\"",
                "valid-before at byte 2: it is not later than valid-after"
            ),
            (
                "valid-before=\"20260101Z\",valid-after=\"20260102Z\"",
                "valid-before at byte 2: it is not later than valid-after"
            ),
        ])
    func badOptions(options: String, expected: String) throws {
        #expect(try faultText("a \(options) \(key.line)") == "line 1: \(expected)")
    }

    @Test("cert-authority may be there twice, as OpenSSH takes it")
    func repeatedFlag() throws {
        #expect(try entry("a cert-authority,cert-authority \(key.line)").isAuthority)
    }

    @Test("keys that cannot be read, or are not what the line says, are refused")
    func badKeys() throws {
        #expect(try faultText("alice") == "line 1: key at byte 5: it is missing")
        #expect(try faultText("alice cert-authority ") == "line 1: key at byte 21: it is missing")
        #expect(
            try faultText("alice ssh-ed25519") == "line 1: key at byte 17: Base64 is not canonical")
        #expect(
            try faultText("alice ssh-ed25519 AAAA=")
                == "line 1: key at byte 18: Base64 is not canonical")
        #expect(
            try faultText("alice ssh-dss \(key.line)")
                == "line 1: options at byte 6: \"ssh-dss\" is not known")
        #expect(
            try faultText("alice cert-authority ssh-dss AAAA")
                == "line 1: key at byte 21: \"ssh-dss\" is not known")
        #expect(
            try faultText("a ssh-rsa \(key.line.dropFirst(12))")
                == "line 1: key at byte 2: the line says ssh-rsa, the bytes ssh-ed25519")
        #expect(
            try faultText("a cert-authority \(certificate.line())")
                == "line 1: key at byte 0: an authority is a plain key, not a user certificate")
    }

    @Test("control characters are refused anywhere, in comments too")
    func controls() throws {
        for byte in [0x00, 0x01, 0x0B, 0x0D, 0x1B, 0x7F] as [UInt8] {
            let line = Array("a \(key.line) x".utf8) + [byte] + Array("y".utf8)
            let list = try AllowedSigners(parsing: line)
            #expect(list.entries.isEmpty)
            #expect(
                list.faultyLines.first?.description.hasPrefix("line 1: line at byte ") == true)
        }
        let invalid = try AllowedSigners(parsing: [0xFF, 0x20] + Array(key.line.utf8))
        #expect(
            invalid.faultyLines.map(\.description)
                == ["line 1: principals at byte 0: text is not UTF-8"])
    }

    @Test("a faulty line keeps its number, and whom it was for where that can be read")
    func faultyLines() throws {
        let list = try read("a \(key.line)\nb octopus \(key.line)\na,,b \(key.line)\n")
        #expect(list.entries.map(\.line) == [1])
        #expect(list.faultyLines.map(\.line) == [2, 3])
        #expect(list.faultyLines.map(\.principals?.description) == ["b", nil])
    }

    @Test("what the writer writes is read")
    func written() throws {
        let line = try AllowedSigners.line(
            principal: "alice@example.org", namespaces: ["conclave-batch-v1", "x-*"], key: key)
        let entry = try entry(line)
        #expect(entry.principals.matches("alice@example.org"))
        #expect(entry.namespaces?.description == "conclave-batch-v1,x-*")
        #expect(entry.signer == .key(key))
    }

    @Test("no change of a byte ends the program, and none makes a line of another key")
    func changes() throws {
        let line = Array(
            "\"a b\",!c cert-authority,namespaces=\"a\\\"b\",valid-after=\"20260101Z\" \(key.line) x"
                .utf8)
        for index in line.indices {
            for byte in [0, 9, 0x0A, 0x0D, 0x20, 0x22, 0x2C, 0x3D, 0x5C, 0x7A, 0xFF] as [UInt8] {
                for changed in [
                    line[..<index] + [byte] + line[(index + 1)...],
                    line[..<index] + [byte] + line[index...], line[..<index] + line[(index + 1)...],
                ] {
                    let list = try AllowedSigners(parsing: Array(changed))
                    #expect(list.entries.allSatisfy { $0.signer == .key(key) })
                }
            }
            _ = try AllowedSigners(parsing: Array(line[..<index]))
            _ = try AllowedSigners(parsing: Array(line[index...]))
        }
    }

    @Test("long lines and many lines take time as their length")
    func longLines() throws {
        for text in [
            String(repeating: "\"", count: 1_000_000), String(repeating: "a,", count: 500_000),
            "a " + String(repeating: "\\\"", count: 500_000),
            "a " + String(repeating: "namespaces=\"a\",", count: 60_000),
            "a namespaces=\"" + String(repeating: "a,", count: 300_000) + "a\" \(key.line)",
            String(repeating: "\n", count: 1_000_000), String(repeating: "a b\n", count: 100_000),
        ] {
            _ = try read(text)
        }
    }

    @Test("faulty lines beyond a thousand are counted")
    func manyFaults() throws {
        #expect(try read(String(repeating: "a\n", count: 1_000)).untoldFaultyLines == 0)
        let list = try read(String(repeating: "a\n", count: 1_003) + "a \(key.line)")
        #expect(list.faultyLines.count == 1_000)
        #expect(list.untoldFaultyLines == 3)
        #expect(list.entries.map(\.line) == [1_004])
    }

    @Test("a file has 64 MiB at most")
    func length() {
        let bytes = [UInt8](repeating: 0x0A, count: AllowedSigners.maximumLength + 1)
        #expect(
            fault { try AllowedSigners(parsing: bytes) }
                == "allowed signers at byte 0: 67108865 bytes exceed the limit of 67108864")
    }
}

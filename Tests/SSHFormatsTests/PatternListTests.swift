// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("lists of patterns")
struct PatternListTests {
    private func matches(_ list: String, _ name: String) throws -> Bool {
        try PatternList("list", Array(list.utf8)[...]).matches(name)
    }

    @Test(
        "a pattern takes the names that it describes",
        arguments: [
            ("alice", "alice", true), ("alice", "Alice", false), ("alice", "alicia", false),
            ("alice", "alic", false), ("*", "", true), ("*", "a", true), ("a*", "a", true),
            ("a*", "ba", false), ("*a", "ba", true), ("*a", "ab", false), ("a*b", "ab", true),
            ("a*b", "axxb", true), ("a*b", "axxbc", false), ("a*b*c", "abbc", true),
            ("?", "", false), ("?", "a", true), ("??", "a", false), ("a?c", "abc", true),
            ("*@example.org", "alice@example.org", true),
            ("*@example.org", "alice@example.com", false), ("**", "a", true), ("*?", "", false),
            ("*?", "abc", true), ("*aab", "aaaab", true), ("*a*a*", "a", false), ("?", "ë", false),
            ("??", "ë", true), ("zoë", "zoë", true), ("zoe\u{308}", "zoë", false),
            ("[a-z]", "a", false), ("[a-z]", "[a-z]", true),
        ])
    func single(pattern: String, name: String, isTaken: Bool) throws {
        #expect(try matches(pattern, name) == isTaken)
    }

    @Test("commas part the patterns whatever character follows them")
    func patterns() throws {
        let list = try PatternList("list", Array("r,\u{301},!\u{301}a,*".utf8)[...])
        #expect(
            list.patterns.map { Array($0.utf8) } == [
                [0x72], [0xCC, 0x81], [0x21, 0xCC, 0x81, 0x61], [0x2A],
            ])
    }

    @Test(
        "a list takes what a pattern takes and no negated one does, wherever it stands",
        arguments: [
            ("a,b", "b", true), ("a,b", "c", false), ("*,!bob", "bob", false),
            ("!bob,*", "bob", false), ("!bob,*", "alice", true), ("!bob", "alice", false),
            ("!bob", "bob", false), ("!b*,bob", "bob", false), ("a!b", "a!b", true),
            ("!!a,*", "!a", false),
        ])
    func lists(list: String, name: String, isTaken: Bool) throws {
        #expect(try matches(list, name) == isTaken)
    }

    @Test("a pattern of 1,022 bytes is compared, and a longer one is refused")
    func length() throws {
        let longest = String(repeating: "a", count: 1022)
        #expect(try matches(longest, longest))
        #expect(
            fault { try matches("b,!\(longest)a", "b") }
                == "list at byte 3: 1023 bytes exceed the limit of 1022")
    }

    @Test("empty patterns, control characters and what is not UTF-8 are refused")
    func refused() {
        #expect(fault { try matches("", "a") } == "list at byte 0: a pattern is empty")
        #expect(fault { try matches("a,", "a") } == "list at byte 2: a pattern is empty")
        #expect(fault { try matches("a,!", "a") } == "list at byte 2: a pattern is empty")
        #expect(fault { try matches("a\tb", "a") } == "list at byte 1: control character 09")
        #expect(
            fault { try PatternList("list", [0x61, 0xFF]) } == "list at byte 0: text is not UTF-8")
    }

    @Test("many stars take no time that grows without bound")
    func stars() throws {
        #expect(
            try !matches(
                String(repeating: "a*", count: 500) + "c", String(repeating: "a", count: 20_000)))
        #expect(
            try !matches(
                String(repeating: "*a", count: 500) + "b", String(repeating: "a", count: 20_000)))
    }
}

@Suite("dates and times of day")
struct CivilTimeTests {
    @Test(
        "a date and time in UTC is its second",
        arguments: [
            ("19700101Z", 0), ("19700102Z", 86_400), ("20000229Z", 951_782_400),
            ("20240229Z", 1_709_164_800), ("202611221530Z", 1_795_361_400),
            ("20261122153001z", 1_795_361_401), ("20261122153001utc", 1_795_361_401),
            ("20261122153001UTC", 1_795_361_401), ("21000301Z", 4_107_542_400),
            ("99991231235959Z", 253_402_300_799),
        ] as [(String, UInt64)])
    func seconds(text: String, seconds: UInt64) throws {
        let time = try #require(CivilTime(text))
        #expect(time.isUTC)
        #expect(time.secondsInUTC == seconds)
        #expect(CivilTime(CivilTime.text(secondsInUTC: seconds))?.secondsInUTC == seconds)
    }

    @Test("every day comes back from its text")
    func days() {
        let early = Array(0 as UInt64..<4_000)
        for day in early + stride(from: 4_000, through: 2_932_896, by: 41) {
            let seconds = day * 86_400 + day % 86_400
            let text = CivilTime.text(secondsInUTC: seconds)
            guard CivilTime(text)?.secondsInUTC == seconds else {
                Issue.record("\(text) is not \(seconds)")
                return
            }
        }
        #expect(CivilTime.text(secondsInUTC: 253_402_300_800) == "@253402300800")
        #expect(CivilTime.text(secondsInUTC: .max) == "@18446744073709551615")
    }

    @Test("a time without Z is the reader's")
    func local() throws {
        let time = try #require(CivilTime("202611221530"))
        #expect(!time.isUTC)
        #expect([time.year, time.month, time.day] == [2026, 11, 22])
        #expect([time.hour, time.minute, time.second] == [15, 30, 0])
    }

    @Test(
        "what is of another form, or no day, is refused",
        arguments: [
            "", "Z", "UTC", "2026", "202611", "2026112", "20261122153", "2026112215300",
            "202611221530011", "20261122T1530Z", "2026-11-22", "20261122 Z", " 20261122",
            "+2026112",
            "20261322Z", "20260022Z", "20260230Z", "20250229Z", "21000229Z", "20261100Z",
            "20261131Z", "202611222400Z", "202611221560Z", "20261122153060Z", "19691231Z",
            "20261122GMT", "20261122ZZ", "２０２６１１２２",
        ])
    func refused(text: String) {
        #expect(CivilTime(text) == nil)
    }
}

@Suite("revoked keys")
struct RevokedKeysTests {
    private func keys(_ text: String) throws -> Set<PublicKey> {
        guard case .keys(let keys) = try RevokedKeys(parsing: Array(text.utf8)) else {
            throw NotRead(path: "keys")
        }
        return keys
    }

    @Test("keys and the keys of certificates are listed, one a line")
    func lines() throws {
        let certificate = try Certificate(blob: RawCertificate().blob)
        let other = try Samples.key(.ecdsaP256)
        #expect(
            try keys("# old\n\n \(other.line) bob\r\n\(certificate.line())\n")
                == [other, certificate.fields.publicKey])
    }

    @Test("a revocation list is told by how it begins")
    func list() throws {
        let list = RevocationList(version: 3, generated: 4, keys: [try Samples.key(.ed25519)])
        guard case .list(let read) = try RevokedKeys(parsing: list.encoded()) else {
            Issue.record("not a list")
            return
        }
        #expect(read == list)
        #expect(throws: FormatError.self) {
            try RevokedKeys(parsing: Array(list.encoded().dropLast()))
        }
    }

    @Test(
        "a line of a CR alone, to which sshd refuses everybody, is refused", arguments: ["", " \t"])
    func emptyLine(blanks: String) throws {
        let line = try Samples.key(.ed25519).line
        #expect(
            fault { try keys("\(line)\n\(blanks)\r\n") }
                == "revoked keys, line 2 at byte 0: it is empty but for a CR; save the file with LF"
        )
    }

    @Test("a file that revokes nothing, or cannot be read in part, is refused")
    func refused() throws {
        let key = try Samples.key(.ed25519)
        let nothing = "revoked keys at byte 0: it is no revocation list and holds no key"
        #expect(fault { try keys("") } == nothing)
        #expect(fault { try keys("# none\n\n") } == nothing)
        #expect(
            fault { try keys("\(key.line)\nssh-ed25519 AAAA\n") }.hasPrefix(
                "revoked keys, line 2 at byte 0: "))
        #expect(
            fault { try keys("SSHKRL\n") }.hasPrefix("revoked keys, line 1 at byte 0: "))
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Lines that say what is to be revoked, carried out by us and by ssh-keygen.
@Suite struct RevocationSpecificationTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"
    private static let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"

    /// What the lines revoke, of any authority unless another is given.
    private static func read(
        _ text: some Sequence<UInt8>, piece: Int = .max, authority: [UInt8]? = []
    ) throws -> RevocationSet {
        let tools = RevocationTools(
            sha1: { [UInt8](repeating: UInt8(truncatingIfNeeded: $0.count), count: 20) },
            sha256: { [UInt8](repeating: UInt8(truncatingIfNeeded: $0.count), count: 32) },
            signatureFault: { $0.keyID == Array("forged".utf8) ? "wrong signature" : nil })
        var builder = RevocationSet.Builder()
        var specification = RevocationSpecification(
            name: "spec", authority: authority, tools: tools)
        var rest = Array(text)[...]
        while !rest.isEmpty {
            specification.read(Array(rest.prefix(piece)), into: &builder)
            rest = rest.dropFirst(piece)
        }
        try specification.finish(into: &builder)
        return builder.finish(version: 1, generated: 2, comment: [])
    }

    private static func read(_ text: String, authority: [UInt8]? = []) throws -> RevocationSet {
        try read(text.utf8, authority: authority)
    }

    private static func shown(_ set: RevocationSet) -> [String] {
        set.authorities.flatMap { part in
            part.serials.ranges.map { "\($0.lowerBound)-\($0.upperBound)" }
                + part.keyIDs.map { String(decoding: $0, as: UTF8.self) }
        } + set.keys.map { "key of \($0.count) bytes" }
            + set.sha1Hashes.map { "SHA-1 of \($0.count)" }
            + set.sha256Hashes.map { "SHA-256 of \($0.count)" }
    }

    static let good: [(line: String, revokes: [String])] = [
        ("serial: 5", ["5-5"]), ("serial:5", ["5-5"]), ("  \tserial: \t5 \t", ["5-5"]),
        ("SERIAL: 5", ["5-5"]), ("SeRiAl: 5-9", ["5-9"]), ("serial: 1", ["1-1"]),
        ("serial: 18446744073709551615", ["18446744073709551615-18446744073709551615"]),
        ("serial: 1-18446744073709551615", ["1-18446744073709551615"]),
        ("serial: 0x1F", ["31-31"]), ("serial: 0X1f-0x20", ["31-32"]), ("serial: 010", ["8-8"]),
        ("serial: 01-07", ["1-7"]), ("serial: +5", ["5-5"]), ("serial: 5- 7", ["5-7"]),
        ("serial: 5 # a remark", ["5-5"]), ("serial: 5#6", ["5-5"]),
        ("id: alice", ["alice"]), ("ID:alice", ["alice"]), ("id:", [""]),
        ("id:   a  b  ", ["a  b"]), ("id: a#b", ["a"]), ("id: serial: 5", ["serial: 5"]),
        ("# serial: 5", []), ("", []), ("   \t", []), ("   # x", []),
        ("key: \(key)", ["key of 51 bytes"]), ("KEY:\(key) a comment", ["key of 51 bytes"]),
        ("\(key)", ["key of 51 bytes"]), ("  \(key)   someone", ["key of 51 bytes"]),
        ("ssh-ed25519\t \(key.dropFirst(12))\tsomeone", ["key of 51 bytes"]),
        ("sha1: \(key)", ["SHA-1 of 20"]), ("sha256: \(key)", ["SHA-256 of 32"]),
        ("hash: SHA256:\(hash)", ["SHA-256 of 32"]), ("hash: SHA256:\(hash)=", ["SHA-256 of 32"]),
    ]

    @Test("a line revokes what it does for ssh-keygen", arguments: good.indices)
    func lines(_ index: Int) throws {
        let (line, revokes) = Self.good[index]
        #expect(Self.shown(try Self.read(line + "\n")) == revokes)
        #expect(Self.shown(try Self.read(line)) == revokes, "without a line feed")
        let made = try RevocationList(
            parsing: RevocationJudge().makeList([line], authority: "none"))
        let theirs = try made.contents()
        let ours = try Self.read(line)
        #expect(ours.authorities == theirs.authorities)
        #expect(ours.keys == theirs.keys)
        #expect(ours.sha1Hashes.count == theirs.sha1Hashes.count)
        #expect(ours.sha256Hashes.count == theirs.sha256Hashes.count)
    }

    static let bad: [(line: String, refusal: String)] = [
        ("serial: 0", "\"0\" holds serial 0, which stands for none (KRL-SERIAL)"),
        ("serial: 0-5", "\"0-5\" holds serial 0, which stands for none (KRL-SERIAL)"),
        ("serial: 5-5", "the range \"5-5\" does not ascend (KRL-SERIAL)"),
        ("serial: 5-4", "the range \"5-4\" does not ascend (KRL-SERIAL)"),
        (
            "serial: 18446744073709551616",
            "\"18446744073709551616\" exceeds 2^64-1 (KRL-SERIAL)"
        ),
        (
            "serial: 1-18446744073709551616",
            "\"1-18446744073709551616\" exceeds 2^64-1 (KRL-SERIAL)"
        ),
        ("serial:", "\"\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 7-", "\"7-\" is no serial and no range (KRL-SERIAL)"),
        ("serial: x", "\"x\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 08", "\"08\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 0x", "\"0x\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 5 -7", "\"5 -7\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 5-7-9", "\"5-7-9\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 5 6", "\"5 6\" is no serial and no range (KRL-SERIAL)"),
        ("serial: 5\r", "the line ends in CR LF; save the file with LF (KRL-LINE)"),
        ("hash: MD5:aa", "\"MD5:aa\" does not begin with SHA256: (KRL-HASH)"),
        ("hash: sha256:\(hash)", "\"sha256:\(hash)\" does not begin with SHA256: (KRL-HASH)"),
        ("hash: SHA256:aaaa", "\"SHA256:aaaa\" stands for 3 bytes, not 32 (KRL-HASH)"),
        ("hash: SHA256:a b", "\"SHA256:a b\" is not Base64 behind SHA256: (KRL-HASH)"),
        ("nonsense: 5", "\"nonsense: 5\" is neither a key nor a line that is known (KRL-LINE)"),
        (
            "ssh-ed25519",
            "the key cannot be read: key at byte 0: "
                + "type name and Base64 are not both there (KRL-KEY)"
        ),
        (
            "key: ssh-rsa \(key.dropFirst(12))",
            "the key cannot be read: key at byte 0: "
                + "the line says \"ssh-rsa\", the bytes \"ssh-ed25519\" (KRL-KEY)"
        ),
        (
            "key: ssh-ed25519 AAA",
            "the key cannot be read: key at byte 0: "
                + "Base64 is not canonical (KRL-KEY)"
        ),
    ]

    @Test(
        "a line that ssh-keygen refuses is refused, with its place and rule", arguments: bad.indices
    )
    func refusals(_ index: Int) throws {
        let (line, refusal) = Self.bad[index]
        #expect {
            try Self.read("serial: 1\n\n\(line)\n")
        } throws: {
            "\($0)" == "\"spec\":3: \(refusal)"
        }
        #expect(throws: RevocationJudge.Fault.self) {
            try RevocationJudge().makeList([line], authority: "none")
        }
    }

    @Test("all lines that cannot be carried out are told, and nothing is revoked")
    func allRefusals() {
        #expect {
            try Self.read("serial: 0\nserial: 7\nserial: x\n\nnonsense: 5")
        } throws: {
            "\($0)" == """
                "spec":1: "0" holds serial 0, which stands for none (KRL-SERIAL)
                "spec":3: "x" is no serial and no range (KRL-SERIAL)
                "spec":5: "nonsense: 5" is neither a key nor a line that is known (KRL-LINE)
                """
        }
    }

    @Test("a thousand lines are told one by one, and the others counted")
    func manyRefusals() throws {
        let lines = String(repeating: "serial: 0\n", count: 1_002)
        let faults = #expect(throws: RevocationSpecificationFaults.self) { try Self.read(lines) }
        #expect(faults?.all.count == 1_000)
        #expect(faults?.untold == 2)
        #expect(faults?.description.hasSuffix("\nand 2 more") == true)
    }

    @Test("a line that is too long is told once, and the next is read", arguments: [7, 4_096])
    func overlong(piece: Int) throws {
        let long = "id: " + String(repeating: "x", count: 1_048_573)
        #expect {
            try Self.read("serial: 1\n\(long)\nserial: 0".utf8, piece: piece * 1_024)
        } throws: {
            "\($0)" == """
                "spec":2: the line exceeds the limit of 1048576 bytes (KRL-LINE)
                "spec":3: "0" holds serial 0, which stands for none (KRL-SERIAL)
                """
        }
    }

    @Test("a line that ssh-keygen misreads is refused, with its place and rule")
    func misread() throws {
        for (line, refusal) in [
            // ssh-keygen counts down from 2^64.
            ("serial: -5", "\"-5\" is no serial and no range (KRL-SERIAL)"),
            ("serial: 5--3", "\"5--3\" is no serial and no range (KRL-SERIAL)"),
            // ssh-keygen reads up to the NUL.
            ("id: a\0b", "the line has a NUL byte (KRL-LINE)"),
            // ssh-keygen takes the CR for a part of the key ID.
            ("id: alice\r", "the line ends in CR LF; save the file with LF (KRL-LINE)"),
        ] {
            #expect {
                try Self.read(line + "\n")
            } throws: {
                "\($0)" == "\"spec\":1: \(refusal)"
            }
            #expect(throws: Never.self) {
                try RevocationJudge().makeList([line], authority: "none")
            }
        }
    }

    @Test("serials and key IDs need an authority; keys and hashes don't")
    func authority() throws {
        for (line, what) in [("serial: 5", "a serial"), ("id: x", "a key ID")] {
            #expect {
                try Self.read(line, authority: nil)
            } throws: {
                "\($0)"
                    == "\"spec\":1: \(what) is revoked of an authority's certificates: whose? "
                    + "(KRL-AUTHORITY)"
            }
        }
        #expect(try !Self.read("\(Self.key)\nhash: SHA256:\(Self.hash)", authority: nil).isEmpty)
    }

    @Test("a line of ours says whose certificates the lines below it are about")
    func authorityLines() throws {
        let set = try Self.read(
            "authority: \(Self.key) # mine\nserial: 5\nserial: 6\nAuthority: any\nid: x\nserial: 7\n",
            authority: nil)
        #expect(set.authorities.map(\.keyBlob.count) == [0, 51])
        #expect(Array(set.authorities[0].serials.ranges) == [7...7])
        #expect(set.authorities[0].keyIDs.count == 1)
        #expect(Array(set.authorities[1].serials.ranges) == [5...6])
        // ssh-keygen takes it for a key that it can't read.
        #expect(throws: RevocationJudge.Fault.self) {
            try RevocationJudge().makeList(["authority: any", "serial: 5"], authority: "none")
        }
    }

    @Test("a certificate is revoked by its serial, or by its key ID where it has none")
    func certificates() throws {
        let judge = try RevocationJudge()
        let ca = try judge.makeKey("ca")
        let user = try judge.makeKey("user", "ecdsa", bits: 384)
        for serial in [UInt64(0), 1, .max] {
            try judge.certify("user", by: "ca", keyID: "x y", serial: serial)
            let line = try judge.line(of: "user-cert.pub")
            let set = try Self.read(line, authority: nil)
            #expect(set.authorities.map(\.keyBlob) == [ca.blob])
            #expect(Self.shown(set) == [serial == 0 ? "x y" : "\(serial)-\(serial)"])
            #expect(
                try RevocationList(parsing: judge.makeList([line])).contents()
                    .revokesTheSame(as: set))
            #expect(try Self.read("key: \(line)").keys.map { Array($0) } == [user.blob])
        }
        try judge.certify("user", by: "ca", keyID: "forged", serial: 3)
        let line = try judge.line(of: "user-cert.pub")
        #expect {
            try Self.read(line)
        } throws: {
            "\($0)" == "\"spec\":1: the certificate does not count: wrong signature (KRL-KEY)"
        }
        #expect {
            try Self.read("authority: \(line.replacing("forged", with: ""))")
        } throws: {
            "\($0)".hasSuffix("(KRL-KEY)")
        }
    }

    @Test("pieces of any size make the same whole", arguments: [1, 2, 3, 7, 64, 1000])
    func pieces(size: Int) throws {
        let text =
            (1...200).map { "serial: \($0 * $0)\n" }.joined() + "  id: last # one\n\(Self.key)\n"
            + "serial: 99999999999999999999-"
        let whole = String(text.dropLast(30))
        #expect(
            try Self.read(whole.utf8, piece: size).revokesTheSame(as: Self.read(whole.utf8)))
        #expect {
            try Self.read(text.utf8, piece: size)
        } throws: {
            "\($0)"
                == "\"spec\":203: \"99999999999999999999-\" exceeds 2^64-1 (KRL-SERIAL)"
        }
    }

    @Test("a line may have 1 MiB")
    func longLines() throws {
        let limit = RevocationSpecification.maximumLineLength
        let longest = "id: " + String(repeating: "x", count: limit - 4)
        #expect(try Self.read(longest + "\n").authorities[0].keyIDs.byteCount == limit - 4)
        for text in [longest + "x\n", longest + "x"] {
            #expect {
                try Self.read(text.utf8, piece: 65_536)
            } throws: {
                "\($0)" == "\"spec\":1: the line exceeds the limit of 1048576 bytes (KRL-LINE)"
            }
        }
    }
}

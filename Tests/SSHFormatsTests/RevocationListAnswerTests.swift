// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Keys and certificates that ssh-keygen and we are asked about, by the same lists.
@Suite struct RevocationListAnswerTests {
    /// One file that is asked about.
    private struct Subject {
        let file: String
        let key: PublicKey
        var certificate: (serial: UInt64, keyID: String, authority: PublicKey)?
    }

    private let judge: RevocationJudge
    private var keys: [String: PublicKey] = [:]
    private var subjects: [Subject] = []
    private var sha256: [[UInt8]: [UInt8]] = [:]
    private var sha1: [[UInt8]: [UInt8]] = [:]

    init() throws {
        judge = try RevocationJudge()
        keys["users"] = try judge.makeKey("users", "ed25519")
        keys["hosts"] = try judge.makeKey("hosts", "ecdsa", bits: 384)
        for (name, type, bits) in [
            ("a", "ed25519", nil), ("b", "rsa", 1024), ("c", "ecdsa", 256), ("d", "ecdsa", 521),
        ] as [(String, String, Int?)] {
            keys[name] = try judge.makeKey(name, type, bits: bits)
        }
        for (name, application) in [("e", "ssh:"), ("f", "ssh:other")] {
            let key = try PublicKey(
                .skEd25519([UInt8](repeating: 7, count: 32), application: application))
            try judge.write((key.line + "\n").utf8, to: "\(name).pub")
            keys[name] = key
        }
        for (name, key) in keys.sorted(by: { $0.key < $1.key }) {
            sha256[key.blob] = try judge.hash("\(name).pub", "sha256")
            sha1[key.blob] = try judge.hash("\(name).pub", "sha1")
            subjects.append(Subject(file: "\(name).pub", key: key))
        }
        for (number, (name, authority, keyID, serial)) in [
            ("a", "users", "alice", 1), ("a", "hosts", "alice", 2), ("a", "users", "bob", 0),
            ("b", "users", "bob", 7), ("b", "hosts", "", 8), ("c", "users", "caf\u{E9}", 9),
            ("c", "users", "cafe\u{301}", .max), ("d", "hosts", "x y", .max - 1),
            ("e", "users", "token", 16_385), ("f", "users", "token", 16_386),
        ].enumerated() as EnumeratedSequence<[(String, String, String, UInt64)]> {
            try judge.certify(name, by: authority, keyID: keyID, serial: serial)
            let file = "\(number)-cert.pub"
            try judge.write(judge.read("\(name)-cert.pub"), to: file)
            subjects.append(
                Subject(
                    file: file, key: try key(name),
                    certificate: (serial, keyID, try key(authority))))
        }
    }

    private func key(_ name: String) throws -> PublicKey { try #require(keys[name]) }

    /// The files that a list revokes, as we see it.
    private func revoked(by list: RevocationList) -> Set<String> {
        let digests = (
            { (blob: [UInt8]) in sha256[blob] ?? [] }, { (blob: [UInt8]) in sha1[blob] ?? [] }
        )
        return Set(
            subjects.filter { subject in
                guard let certificate = subject.certificate else {
                    return list.revokes(key: subject.key, sha256: digests.0, sha1: digests.1) != nil
                }
                return list.revokes(
                    serial: certificate.serial, keyID: certificate.keyID, subjectKey: subject.key,
                    authority: certificate.authority, sha256: digests.0, sha1: digests.1) != nil
            }.map(\.file))
    }

    @Test("ssh-keygen and we revoke the same keys and certificates")
    func sameAnswers() throws {
        typealias Part = RevocationList.Authority
        func list(
            _ authorities: [Part] = [], keys: [PublicKey] = [], hashes: [PublicKey] = [],
            sha1Hashes: [PublicKey] = []
        ) -> RevocationList {
            RevocationList(
                version: 3, generated: 1_700_000_000, comment: "test", authorities: authorities,
                keys: keys, keyHashes: hashes.compactMap { sha256[$0.blob] },
                sha1KeyHashes: sha1Hashes.compactMap { sha1[$0.blob] })
        }
        let users = try key("users")
        let hosts = try key("hosts")
        var lists = [
            list(),
            list([Part(key: users, serials: [1...1])]),
            list([Part(key: hosts, serials: [1...1])]),
            list([Part(key: users, serials: [1...UInt64.max])]),
            list([Part(key: nil, serials: [1...UInt64.max])]),
            list([Part(key: nil, serials: [2...8])]),
            list([Part(key: users, serials: [UInt64.max...UInt64.max])]),
            list([Part(key: hosts, serials: [.max - 1...UInt64.max])]),
            list([Part(key: users, serials: (1...8192).map { 2 * $0...2 * $0 } + [16_385...16_385])]
            ),
            list([Part(key: users, serials: (1...8193).map { 2 * $0...2 * $0 })]),
            list([Part(key: users, keyIDs: ["alice"])]),
            list([Part(key: nil, keyIDs: ["alice"])]),
            list([Part(key: hosts, keyIDs: [""])]),
            list([Part(key: users, keyIDs: ["caf\u{E9}"])]),
            list([Part(key: users, keyIDs: ["cafe\u{301}", "x y"])]),
            list([Part(key: hosts, keyIDs: ["x y"]), Part(key: users, serials: [9...9])]),
        ]
        for names in [["users"], ["hosts"], ["a", "c"], ["b", "e"], ["d", "f"]] {
            lists.append(list(keys: try names.map(key)))
            lists.append(list(hashes: try names.map(key)))
            lists.append(list(sha1Hashes: try names.map(key)))
        }
        lists.append(
            list(
                [
                    Part(key: users, serials: [7...9], keyIDs: ["bob"]),
                    Part(key: nil, keyIDs: [""]),
                ],
                keys: [try key("c")], hashes: [try key("e")], sha1Hashes: [try key("d")]))
        var answers: Set<Set<String>> = []
        for list in lists {
            let bytes = try list.encoded()
            let read = try RevocationList(parsing: bytes)
            #expect(read == list)
            let ours = revoked(by: read)
            #expect(try judge.revoked(subjects.map(\.file), by: bytes) == ours, "\(list)")
            answers.insert(ours)
        }
        #expect(answers.count > 15)
    }

    @Test("lists that ssh-keygen makes are read with the same answers")
    func madeByOpenSSH() throws {
        func line(_ name: String) throws -> String { try judge.line(of: "\(name).pub") }
        for (specification, authority) in [
            (["serial: 1", "serial: 7-9", "id: alice", "id: x y"], "users"),
            (["serial: 18446744073709551615", "serial: 8"], "hosts"),
            (["serial: 2", "id: token", "serial: 16384-16385"], "none"),
            (["key: \(try line("a"))", "key: \(try line("f"))", try line("hosts")], nil),
            (["sha1: \(try line("b"))", "sha1: \(try line("users"))"], nil),
            (["sha256: \(try line("d"))", "sha256: \(try line("e"))"], nil),
            (["hash: SHA256:\(Base64.encode(sha256[try key("c").blob] ?? []).dropLast())"], nil),
            (
                [
                    try judge.line(of: "1-cert.pub"), try judge.line(of: "2-cert.pub"),
                    try judge.line(of: "3-cert.pub"), "key: \(try line("f"))",
                    "sha1: \(try line("d"))", "sha256: \(try line("e"))",
                ], nil
            ),
        ] as [([String], String?)] {
            let bytes = try judge.makeList(specification, authority: authority, version: 5)
            let list = try RevocationList(parsing: bytes)
            #expect(list.version == 5)
            #expect(list.generated > 1_700_000_000)
            #expect(!list.isEmpty)
            let theirs = try judge.revoked(subjects.map(\.file), by: bytes)
            #expect(!theirs.isEmpty)
            #expect(revoked(by: list) == theirs, "\(specification)")
            let again = try list.encoded()
            #expect(try RevocationList(parsing: again) == list)
            #expect(try judge.revoked(subjects.map(\.file), by: again) == theirs)
            #expect(again.count <= bytes.count)
        }
    }
}

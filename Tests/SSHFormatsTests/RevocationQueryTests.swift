// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Keys and certificates that a list is asked about while it is read.
@Suite struct RevocationQueryTests {
    private let judge: RevocationJudge
    private let files: [String]
    private let subjects: [RevocationSubject]
    private let sha1: [[UInt8]: [UInt8]]
    private let sha256: [[UInt8]: [UInt8]]

    init() throws {
        judge = try RevocationJudge()
        var files: [String] = []
        var sha1: [[UInt8]: [UInt8]] = [:]
        var sha256: [[UInt8]: [UInt8]] = [:]
        for name in ["ca", "cb", "a", "b", "c"] {
            let key = try judge.makeKey(name, name == "b" ? "ecdsa" : "ed25519")
            sha1[key.blob] = try judge.hash("\(name).pub", "sha1")
            sha256[key.blob] = try judge.hash("\(name).pub", "sha256")
            files.append("\(name).pub")
        }
        for (name, authority, keyID, serial) in [
            ("a", "ca", "alice", 1), ("a", "cb", "alice", 63), ("b", "ca", "bob", 64),
            ("b", "cb", "", 0), ("c", "ca", "bob", .max), ("c", "cb", "caf\u{E9}", 1000),
        ] as [(String, String, String, UInt64)] {
            try judge.certify(name, by: authority, keyID: keyID, serial: serial)
            let file = "\(name)-\(serial).pub"
            try judge.write(judge.read("\(name)-cert.pub"), to: file)
            files.append(file)
        }
        subjects = try files.map { [judge] in
            try RevocationSubject(line: Array(judge.line(of: $0).utf8)[...])
        }
        (self.files, self.sha1, self.sha256) = (files, sha1, sha256)
    }

    private func answers(_ bytes: [UInt8]) throws -> [RevocationReason?] {
        let query = RevocationQuery(
            subjects, sha1: { sha1[$0] ?? [] }, sha256: { sha256[$0] ?? [] })
        var scanner = RevocationListScanner(query, rules: .openSSH)
        try scanner.scan(bytes)
        return scanner.visitor.answers
    }

    /// A list that names some of the subjects and much else.
    private func list(_ random: inout RevocationJudge.Random) throws -> RevocationList {
        func some() -> Bool { random.next() % 4 == 0 }
        let keys = try ["ca", "cb", "a", "b", "c"].map {
            try PublicKey(line: judge.line(of: "\($0).pub"))
        }
        var parts: [RevocationList.Authority] = []
        for key in [nil, keys[0], keys[1]] where some() || some() {
            var serials: [ClosedRange<UInt64>] = []
            for serial in [1, 63, 64, 1000, .max] as [UInt64] where some() {
                serials.append(serial...serial)
            }
            if some() { serials.append(2...62) }
            if some() { serials.append(65...999) }
            if some() { serials += (500...900).map { $0 * 2...$0 * 2 } }
            let keyIDs = ["alice", "bob", "", "cafe\u{301}", "x"].filter { _ in some() }
            parts.append(.init(key: key, serials: serials, keyIDs: keyIDs))
        }
        return RevocationList(
            version: 1, generated: 2, authorities: parts,
            keys: keys.filter { _ in some() && some() },
            keyHashes: keys.filter { _ in some() && some() }.compactMap { sha256[$0.blob] },
            sha1KeyHashes: keys.filter { _ in some() && some() }.compactMap { sha1[$0.blob] })
    }

    @Test("the answers are those of ssh-keygen, and of the list in memory", arguments: 0..<40)
    func sameAnswers(seed: UInt64) throws {
        var random = RevocationJudge.Random(state: seed)
        let list = try list(&random)
        let bytes = try list.encoded()
        let answers = try answers(bytes)
        let revoked = try judge.revoked(files, by: bytes)
        for (index, (file, subject)) in zip(files, subjects).enumerated() {
            #expect((answers[index] != nil) == revoked.contains(file), "\(file)")
            let key = try #require(subject.key)
            let direct: RevocationReason?
            if let certificate = subject.certificate {
                direct = list.revokes(
                    serial: certificate.serial,
                    keyID: String(decoding: certificate.keyID, as: UTF8.self), subjectKey: key,
                    authority: try #require(certificate.authority), sha256: { sha256[$0] ?? [] },
                    sha1: { sha1[$0] ?? [] })
            } else {
                direct = list.revokes(
                    key: key, sha256: { sha256[$0] ?? [] }, sha1: { sha1[$0] ?? [] })
            }
            #expect((answers[index] != nil) == (direct != nil), "\(file)")
        }
    }

    @Test("each way to be revoked is told")
    func reasons() throws {
        let ca = try PublicKey(line: judge.line(of: "ca.pub"))
        let a = try PublicKey(line: judge.line(of: "a.pub"))
        func reason(
            _ file: String, _ parts: [RevocationList.Authority] = [], keys: [PublicKey] = [],
            hashes: [[UInt8]?] = []
        ) throws -> RevocationReason? {
            let list = RevocationList(
                version: 1, generated: 2, authorities: parts, keys: keys,
                keyHashes: hashes.compactMap(\.self))
            let index = try #require(files.firstIndex(of: file))
            return try answers(list.encoded())[index]
        }
        #expect(try reason("a-1.pub", keys: [a]) == .key)
        #expect(try reason("a-1.pub", hashes: [sha256[a.blob]]) == .keyHash)
        #expect(try reason("a-1.pub", [.init(key: ca, serials: [], keyIDs: ["alice"])]) == .keyID)
        #expect(try reason("a-1.pub", [.init(key: nil, serials: [1...1])]) == .serial)
        #expect(try reason("a-1.pub", keys: [ca]) == .authorityKey)
        #expect(try reason("a-1.pub", hashes: [sha256[ca.blob]]) == .authorityKeyHash)
        #expect(try reason("a-1.pub", [.init(key: ca, serials: [2...9])]) == nil)
        #expect(try reason("a-63.pub", [.init(key: ca, serials: [63...63])]) == nil)
        #expect(try reason("b-0.pub", [.init(key: nil, serials: [1...UInt64.max])]) == nil)
    }

    @Test("a plain list revokes its keys, the certificates for them and those by them")
    func plainLists() throws {
        let text = try
            "# revoked\n\n  \(judge.line(of: "a.pub")) stolen\n\(judge.line(of: "cb.pub"))\n"
        let answers = try RevokedKeyFile.answers(Array(text.utf8), about: subjects)
        let revoked = Set(zip(files, answers).filter { $1 != nil }.map(\.0))
        #expect(revoked == ["a.pub", "cb.pub", "a-1.pub", "a-63.pub", "b-0.pub", "c-1000.pub"])
        #expect(answers[files.firstIndex(of: "a-63.pub") ?? 0] == .key)
        #expect(answers[files.firstIndex(of: "b-0.pub") ?? 0] == .authorityKey)
        #expect(RevokedKeyFile.isPlain(Array(text.utf8)) && RevokedKeyFile.isPlain([]))
        #expect(try RevokedKeyFile.answers([], about: subjects).allSatisfy { $0 == nil })
        // ssh-keygen -Q takes no such list; sshd does.
        #expect(try judge.listing(Array(text.utf8)) == nil)
        #expect {
            try RevokedKeyFile.answers(Array("\n# x\nssh-new AAAA\n".utf8), about: subjects)
        } throws: {
            "\($0)".hasPrefix("line 3 at byte 5: it is no key: ")
        }
    }

    @Test("a certificate that only OpenSSH reads is asked about too")
    func laxCertificates() throws {
        var raw = RawCertificate()
        raw.nonce = []
        raw.validPrincipals =
            RawRevocationList.string("root\0") + RawRevocationList.string("root\0")
        let subject = try RevocationSubject(blob: raw.blob)
        #expect(subject.certificate != nil)
        #expect(throws: FormatError.self) { try Certificate(blob: raw.blob) }
        raw.validPrincipals = RawRevocationList.string("ro\0ot")
        #expect(throws: FormatError.self) { try RevocationSubject(blob: raw.blob) }
        // Every prefix is refused.
        raw.validPrincipals = RawRevocationList.string("root")
        let blob = raw.blob
        for length in blob.indices {
            #expect(throws: FormatError.self) {
                try RevocationSubject(blob: Array(blob[..<length]))
            }
        }
    }
}

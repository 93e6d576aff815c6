// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SSHFormats

@Suite struct RevocationListTests {
    private func key(_ byte: UInt8) throws -> PublicKey {
        try PublicKey(.ed25519([UInt8](repeating: byte, count: 32)))
    }

    @Test("a list that revokes nothing is a header alone, and reads back")
    func emptyList() throws {
        let list = RevocationList(version: 7, generated: 1_700_000_000)
        #expect(list.isEmpty)
        let bytes = try list.encoded()
        let header: [UInt8] =
            Array("SSHKRL\n\0".utf8) + [0, 0, 0, 1]
            + [0, 0, 0, 0, 0, 0, 0, 7] + [0, 0, 0, 0, 0x65, 0x53, 0xF1, 0]
            + [UInt8](repeating: 0, count: 8 + 4 + 4)
        #expect(bytes == header)
        #expect(try RevocationList(parsing: bytes) == list)
    }

    @Test("the same things in any order, repeated or spread out, are the same list and bytes")
    func oneForm() throws {
        let ordered = RevocationList(
            version: 1, generated: 2, comment: "c",
            authorities: [
                .init(key: nil, keyIDs: ["z"]),
                .init(key: try key(1), serials: [1...9, 12...12], keyIDs: ["a", "b"]),
                .init(key: try key(2), serials: [1...1]),
            ],
            keys: [try key(3), try key(4)],
            keyHashes: [
                [UInt8](repeating: 5, count: 32), [UInt8](repeating: 6, count: 32),
            ],
            sha1KeyHashes: [[UInt8](repeating: 7, count: 20)])
        let mixed = RevocationList(
            version: 1, generated: 2, comment: "c",
            authorities: [
                .init(key: try key(2), serials: [1...1]),
                .init(key: try key(1), serials: [12...12, 4...9], keyIDs: ["b"]),
                .init(key: try key(9)),
                .init(key: nil, keyIDs: ["z", "z"]),
                .init(key: try key(1), serials: [1...4], keyIDs: ["b", "a"]),
            ],
            keys: [try key(4), try key(3), try key(4)],
            keyHashes: [
                [UInt8](repeating: 6, count: 32), [UInt8](repeating: 5, count: 32),
                [UInt8](repeating: 6, count: 32),
            ],
            sha1KeyHashes: [[UInt8](repeating: 7, count: 20), [UInt8](repeating: 7, count: 20)])
        #expect(mixed == ordered)
        #expect(mixed.hashValue == ordered.hashValue)
        #expect(try mixed.encoded() == ordered.encoded())
        #expect(try RevocationList(parsing: mixed.encoded()) == ordered)
        #expect(ordered.authorities.map(\.key) == [nil, try key(1), try key(2)])
        #expect(!ordered.isEmpty)
    }

    @Test("texts that look alike but differ in bytes are different")
    func canonicalEquivalence() throws {
        let composed = RevocationList.Authority(key: nil, keyIDs: ["\u{E9}"])
        let decomposed = RevocationList.Authority(key: nil, keyIDs: ["e\u{301}"])
        #expect(composed != decomposed)
        let list = RevocationList(
            version: 1, generated: 2, authorities: [composed, decomposed])
        #expect(list.authorities.first?.keyIDs.count == 2)
        #expect(try RevocationList(parsing: list.encoded()) == list)
        let only = RevocationList(version: 1, generated: 2, authorities: [composed])
        let ask = { (keyID: String) throws in
            only.revokes(
                serial: 1, keyID: keyID, subjectKey: try key(1), authority: try key(2),
                sha256: { _ in [] })
        }
        #expect(try ask("\u{E9}") == .keyID)
        #expect(try ask("e\u{301}") == nil)
        #expect(
            RevocationList(version: 1, generated: 2, comment: "\u{E9}")
                != RevocationList(version: 1, generated: 2, comment: "e\u{301}"))
    }

    @Test("random lists read back as they were", arguments: 0..<60)
    func roundTrip(seed: UInt64) throws {
        let list = try Self.random(seed: seed)
        let bytes = try list.encoded()
        #expect(try RevocationList(parsing: bytes) == list)
        let other = try Self.random(seed: seed + 1000)
        #expect(other != list)
    }

    /// A list of all kinds of section.
    static func random(seed: UInt64) throws -> RevocationList {
        var random = RevocationJudge.Random(state: seed)
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        func key() throws -> PublicKey { try PublicKey(.ed25519(bytes(32))) }
        var authorities: [RevocationList.Authority] = []
        for number in 0..<Int.random(in: 1...3, using: &random) {
            let base = UInt64.random(in: 1...UInt64.max - 5000, using: &random)
            let serials = (0..<Int.random(in: 0...150, using: &random)).map { _ in
                let first = base + UInt64.random(in: 0...4000, using: &random)
                return first...first + UInt64.random(in: 0...9, using: &random)
            }
            let keyIDs = (0..<Int.random(in: 0...5, using: &random)).map { "id \(number)-\($0)" }
            authorities.append(
                .init(key: number == 0 ? nil : try key(), serials: serials, keyIDs: keyIDs))
        }
        return RevocationList(
            version: random.next(), generated: random.next(), comment: "list \(seed)",
            authorities: authorities, keys: [try key(), try key()],
            keyHashes: [bytes(32), bytes(32)], sha1KeyHashes: [bytes(20)])
    }

    @Test("the bytes of serials are those that were planned")
    func plannedSize() throws {
        var random = RevocationJudge.Random(state: 1)
        for share in [0.01, 0.1, 0.5, 0.9] {
            let serials = SerialSet(
                (UInt64(1)...20_000).lazy.filter { _ in
                    Double.random(in: 0..<1, using: &random) < share
                }.map { $0...$0 })
            let list = RevocationList(
                version: 1, generated: 2, authorities: [.init(key: nil, serials: serials)])
            let size = SerialPlan(serials).size
            #expect(try list.encoded().count == 44 + 5 + 8 + size)
        }
    }

    @Test("what OpenSSH would refuse is not written")
    func refusals() throws {
        func refusal(
            comment: String = "", _ authority: RevocationList.Authority? = nil,
            hashes: [[UInt8]] = [], sha1Hashes: [[UInt8]] = []
        ) -> String? {
            let list = RevocationList(
                version: 1, generated: 2, comment: comment,
                authorities: authority.map { [$0] } ?? [], keyHashes: hashes,
                sha1KeyHashes: sha1Hashes)
            do throws(FormatError) {
                _ = try list.encoded()
                return nil
            } catch { return error.description }
        }
        #expect(
            refusal(.init(key: nil, serials: [0...5]))
                == "serial at byte 0: serial 0 stands for none")
        #expect(refusal(.init(key: nil, serials: [1...5])) == nil)
        #expect(
            refusal(.init(key: nil, keyIDs: ["a\0b"])) == "key_id at byte 0: text has a NUL byte")
        #expect(refusal(.init(key: nil, keyIDs: [""])) == nil)
        #expect(refusal(comment: "\0") == "comment at byte 0: text has a NUL byte")
        #expect(
            refusal(hashes: [[UInt8](repeating: 1, count: 31)])
                == "SHA-256 hash at byte 0: 31 bytes are not 32")
        #expect(
            refusal(sha1Hashes: [[UInt8](repeating: 1, count: 32)])
                == "SHA-1 hash at byte 0: 32 bytes are not 20")
        func rsa(_ bits: Int) throws -> PublicKey {
            let modulus =
                [1 << UInt8((bits - 1) % 8)] + [UInt8](repeating: 1, count: (bits - 1) / 8)
            return try PublicKey(.rsa(exponent: [1, 0, 1], modulus: modulus))
        }
        #expect(
            refusal(.init(key: try rsa(1023), serials: [1...1]))
                == "ca_key at byte 0: 1023 bits are less than OpenSSH reads, 1024")
        let least = RevocationList(
            version: 1, generated: 2, authorities: [.init(key: try rsa(1024), serials: [1...1])])
        let bytes = try least.encoded()
        #expect(try RevocationList(parsing: bytes) == least)
        #expect(try RevocationJudge().listing(bytes) == ["serial: 1"])
    }

    @Test("a list is written up to the length that OpenSSH loads, and no further")
    func length() throws {
        let full = try Self.random(seed: 5)
        for list in [full, RevocationList(version: 1, generated: 2, comment: "header")] {
            let bytes = try list.encoded()
            #expect(try list.encoded(limit: bytes.count) == bytes)
            for limit in [bytes.count - 1, 60, 44, 10] where limit < bytes.count {
                #expect(throws: FormatError.self) { try list.encoded(limit: limit) }
            }
        }
        let list = RevocationList(
            version: 1, generated: 2, keyHashes: [[UInt8](repeating: 1, count: 32)])
        #expect(throws: FormatError("KRL", at: 0, .tooLong(length: 85, limit: 84))) {
            try list.encoded(limit: 84)
        }
        #expect(RevocationList.maximumLength == 128 << 20)
    }

    @Test("a key is revoked by itself or its hash, and a certificate with either key too")
    func answers() throws {
        let hash = { (blob: [UInt8]) in [UInt8](repeating: blob.last ?? 0, count: 32) }
        func reason(_ list: RevocationList, sha1: RevocationList.KeyHash? = nil) throws
            -> [RevocationReason?]
        {
            [
                list.revokes(key: try key(1), sha256: hash, sha1: sha1),
                list.revokes(key: try key(2), sha256: hash, sha1: sha1),
                list.revokes(
                    serial: 5, keyID: "k", subjectKey: try key(1), authority: try key(2),
                    sha256: hash, sha1: sha1),
                list.revokes(
                    serial: 0, keyID: "other", subjectKey: try key(3), authority: try key(2),
                    sha256: hash, sha1: sha1),
                list.revokes(
                    serial: 5, keyID: "other", subjectKey: try key(3), authority: try key(4),
                    sha256: hash, sha1: sha1),
            ]
        }
        func list(
            _ authority: RevocationList.Authority? = nil, keys: [PublicKey] = [],
            hashes: [[UInt8]] = [], sha1Hashes: [[UInt8]] = []
        ) -> RevocationList {
            RevocationList(
                version: 1, generated: 2, authorities: authority.map { [$0] } ?? [], keys: keys,
                keyHashes: hashes, sha1KeyHashes: sha1Hashes)
        }
        #expect(try reason(list()) == [nil, nil, nil, nil, nil])
        #expect(try reason(list(keys: [key(1)])) == [.key, nil, .key, nil, nil])
        #expect(
            try reason(list(keys: [key(2)]))
                == [nil, .key, .authorityKey, .authorityKey, nil])
        #expect(
            try reason(list(hashes: [hash([1])])) == [.keyHash, nil, .keyHash, nil, nil])
        #expect(
            try reason(list(hashes: [hash([2])]))
                == [nil, .keyHash, .authorityKeyHash, .authorityKeyHash, nil])
        #expect(
            try reason(list(.init(key: key(2), serials: [4...6])))
                == [nil, nil, .serial, nil, nil])
        #expect(
            try reason(list(.init(key: nil, serials: [0...5])))
                == [nil, nil, .serial, nil, .serial])
        #expect(
            try reason(list(.init(key: key(2), keyIDs: ["k"]))) == [nil, nil, .keyID, nil, nil])
        #expect(
            try reason(list(.init(key: nil, keyIDs: ["other"])))
                == [nil, nil, nil, .keyID, .keyID])

        let old = list(sha1Hashes: [[UInt8](repeating: 1, count: 20)])
        let sha1 = { (blob: [UInt8]) in [UInt8](repeating: blob.last ?? 0, count: 20) }
        #expect(try reason(old, sha1: sha1) == [.keyHash, nil, .keyHash, nil, nil])
        #expect(try reason(old) == Array(repeating: .undecided, count: 5))
        let named = list(
            .init(key: try key(2), serials: [5...5]), sha1Hashes: [[UInt8](repeating: 1, count: 20)]
        )
        #expect(try reason(named) == [.undecided, .undecided, .serial, .undecided, .undecided])
    }

    @Test("each reason has words of its own")
    func words() {
        #expect(Set(RevocationReason.allCases.map(\.description)).count == 7)
        #expect(RevocationReason.serial.description == "serial listed")
    }
}

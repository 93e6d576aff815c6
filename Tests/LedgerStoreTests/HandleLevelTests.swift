// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("the tables through which handles move on")
struct HandleLevelTests {
    /// A digest that begins with the number.
    private func request(_ number: UInt64) -> LedgerHandle {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.length)
        for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: number >> (56 - 8 * place)) }
        return .request(SHA256Digest(bytes: bytes) ?? SHA256Digest(hashing: bytes))
    }

    /// Appends an entry with a request for each of these numbers, and a word that all entries have.
    private func append(_ numbers: Range<UInt64>, to store: LedgerStore) throws {
        var draft = EntryDraft(.issued)
        draft.handles = [.keyID("each")] + numbers.map(request)
        try store.append([draft], time: LedgerFixture.start)
    }

    private func rows(_ ledger: LedgerFixture) throws -> [[String]] {
        try RawDatabase(ledger.path).rows(
            """
            SELECT (SELECT count(*) FROM handle_0), (SELECT count(*) FROM handle_1),
                (SELECT count(*) FROM handle_2), (SELECT count(*) FROM handle_3),
                (SELECT count(*) FROM handle)
            """)
    }

    @Test("the newest 8192 stay together, and one more sends all of them on")
    func firstBound() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try append(0..<8_191, to: store)
        #expect(try rows(ledger) == [["8192", "0", "0", "0", "8192"]])
        try append(9_000..<9_000, to: store)
        #expect(try rows(ledger) == [["0", "8193", "0", "0", "8193"]])
        try append(9_000..<9_001, to: store)
        #expect(try rows(ledger) == [["2", "8193", "0", "0", "8195"]])
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("what comes in order goes into the last table, where it stays")
    func ordered() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let time = UnixTime(seconds: 1_800_000_000)
        var draft = EntryDraft(.request)
        let digest = SHA256Digest(hashing: [1])
        draft.handles = [
            .request(digest), .admission(time, digest), .serial(7), .hostEnd(8), .userEnd(9),
            .batchNumber(10), .listVersion(11), .serial(7),
        ]
        try store.append([draft], time: LedgerFixture.start)
        #expect(try rows(ledger) == [["1", "0", "0", "6", "7"]])
        for handle in draft.handles { #expect(try store.find(handle) == [0]) }
        let seconds = UnixTime(seconds: 1_800_000_001)
        #expect(try store.find(.admission(seconds, digest)) == [])
        #expect(try store.find(.admission(time, SHA256Digest(hashing: [2]))) == [])
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("131072 stay in the second table, and one more sends all of them on")
    func secondBound() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try append(0..<131_071, to: store)
        #expect(try rows(ledger) == [["0", "131072", "0", "0", "131072"]])
        try append(300_000..<308_192, to: store)
        #expect(try rows(ledger) == [["0", "0", "139265", "0", "139265"]])
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("2097152 stay in the third table, and one more sends all of them into the last")
    func thirdBound() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        /// Fills a table with requests as if they had been appended.
        func fill(_ level: Int, _ numbers: Range<Int>) throws {
            try RawDatabase(ledger.path).execute(
                """
                WITH RECURSIVE number(n) AS
                    (SELECT \(numbers.lowerBound) UNION ALL SELECT n + 1 FROM number
                     WHERE n < \(numbers.upperBound - 1))
                INSERT INTO handle_\(level) SELECT 1, n, 0 FROM number
                """)
        }
        try fill(0, 0..<8_192)
        try fill(1, 10_000..<141_072)
        try fill(2, 200_000..<2_157_887)
        try append(0..<0, to: store)
        #expect(try rows(ledger) == [["0", "0", "2097152", "0", "2097152"]])
        try fill(0, 3_000_000..<3_008_192)
        try append(0..<0, to: store)
        #expect(try rows(ledger) == [["0", "8193", "2097152", "0", "2105345"]])
        try fill(0, 4_000_000..<4_008_192)
        try fill(1, 5_000_000..<5_122_879)
        try append(0..<0, to: store)
        #expect(try rows(ledger) == [["0", "0", "0", "2236417", "2236417"]])
        #expect(try store.find(.keyID("each")) == [0, 1, 2])
        #expect(try store.find(request(5_122_878)) == [0])
        try store.close()
    }

    /// A ledger of five entries, with handles in three of the tables.
    private func spread() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try append(0..<270_000, to: store)
        try append(300_000..<309_000, to: store)
        try append(280_000..<280_002, to: store)
        try append(0..<2, to: store)
        try append(308_999..<309_001, to: store)
        try store.close()
        #expect(try rows(ledger) == [["9", "9001", "270001", "0", "279011"]])
        return ledger
    }

    @Test("an entry is found, counted and ranged over in whichever table its handles are")
    func lookingUp() throws {
        let ledger = try spread()
        let reader = try ledger.open(.readOnly)
        #expect(try reader.find(.keyID("each")) == [0, 1, 2, 3, 4])
        #expect(try reader.count(.keyID("each"), atMost: 4) == 4)
        #expect(try reader.count(.keyID("each"), atMost: 6) == 5)
        #expect(try reader.find(request(1)) == [0, 3])
        #expect(try reader.find(request(269_999)) == [0])
        #expect(try reader.find(request(270_000)) == [])
        #expect(try reader.find(request(308_999)) == [1, 4])
        // The first 15 of 16 digits are those of 280,000 to 280,015, 0x445c0 to 0x445cf.
        #expect(try reader.find(.request, beginning: "00000000000445c") == [2, 2])
        try reader.close()
        #expect(try ledger.faults() == [])
    }

    @Test("numbers are ranged over in their order, whichever tables they are in, each once")
    func ranged() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        for _ in 0..<4 { try append(0..<0, to: store) }
        for (table, rows) in [
            (0, "(8, 4, 1), (8, 2, 3)"), (1, "(8, 1, 2)"), (2, "(8, 4, 0)"),
            (3, "(8, 3, 0), (8, 4, 1)"),
        ] {
            try RawDatabase(ledger.path).execute("INSERT INTO handle_\(table) VALUES \(rows)")
        }
        var found: [[UInt64]] = []
        try store.forEach(.serial, in: 2...4) { number, index in
            found.append([number, index])
            return true
        }
        #expect(found == [[2, 3], [3, 0], [4, 0], [4, 1]])
        #expect(try store.find(.serial(4)) == [0, 1])
        try store.close()
    }

    @Test("a handle that was changed is named, in whichever table it is")
    func changed() throws {
        let numbers = Array(0..<263_000) + Array(300_000..<309_000) + Array(280_000..<280_002)
        let entries = stride(from: 0, to: numbers.count, by: 100).map {
            numbers[$0..<min($0 + 100, numbers.count)].map { request(UInt64($0)) }
        }
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        for bounds in [0..<2_630, 2_630..<2_720, 2_720..<2_721] {
            let drafts = entries[bounds].map { handles in
                var draft = EntryDraft(.issued)
                draft.handles = handles
                return draft
            }
            try store.append(drafts, time: LedgerFixture.start)
        }
        try store.close()
        #expect(try rows(ledger) == [["2", "9000", "263000", "0", "272002"]])
        let changes: [(table: String, number: UInt64)] = [
            ("handle_0", 280_001), ("handle_1", 300_001), ("handle_2", 7),
        ]
        var expected: [String] = []
        for (table, number) in changes {
            try RawDatabase(ledger.path).execute(
                "UPDATE \(table) SET idx = 3 WHERE name = 1 AND value = \(number)")
            let holder = try #require(entries.firstIndex { $0.contains(request(number)) })
            expected += [
                "handle \(request(number)): it does not lead to entry \(holder)",
                "handle \(StoredHandle(request(number))): it leads to entry 3, which does not have it",
            ]
        }
        let faults = try LedgerStore.verify(path: ledger.path) { entry, _ in
            var inspection = EntryInspection()
            inspection.handles = entries[Int(entry.index)]
            return inspection
        }.faults.map(\.description)
        #expect(faults.sorted() == expected.sorted())
    }
}

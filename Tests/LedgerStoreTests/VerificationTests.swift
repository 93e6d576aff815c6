// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("looking through a ledger")
struct VerificationTests {
    @Test("a sound ledger has no faults, and the root that its texts give")
    func sound() throws {
        for count in [0, 1, 2, 7, 8, 33] {
            let ledger = try LedgerFixture(entries: count)
            let store = try ledger.open(.readOnly)
            var reports: [UInt64] = []
            let verification = try store.verify(progress: { reports.append($0) })
            #expect(verification.size == UInt64(count))
            #expect(verification.root == store.checkpointRoot())
            #expect(verification.faults == [])
            #expect(reports == [UInt64(count)])
        }
    }

    @Test("progress is told every 1,024 entries and at the end")
    func progress() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try store.append(
            [EntryDraft](repeating: EntryDraft(.token), count: 2_100), time: LedgerFixture.start)
        var reports: [UInt64] = []
        _ = try store.verify(progress: { reports.append($0) })
        #expect(reports == [1_024, 2_048, 2_100])
    }

    @Test(
        "a slip with another SQLite program changes nothing that was recorded",
        arguments: [
            ("UPDATE entry SET kind = 'token'", "an entry is never changed"),
            ("DELETE FROM entry WHERE idx = 2", "an entry is never removed"),
            ("DELETE FROM entry", "an entry is never removed"),
            (
                "INSERT OR REPLACE INTO entry SELECT 1, kind, time, leaf, text FROM entry LIMIT 1",
                "an entry is only added after the last"
            ),
            (
                "INSERT INTO entry SELECT 9, kind, time, leaf, text FROM entry LIMIT 1",
                "an entry is only added after the last"
            ),
            ("UPDATE content SET bytes = x'00'", "a content is never changed"),
            ("DELETE FROM content", "a content is never removed"),
            (
                "REPLACE INTO content SELECT id, sha256, x'00' FROM content",
                "a content is only added after the last"
            ),
            (
                "INSERT INTO content (sha256, bytes) VALUES (zeroblob(32), x'00')",
                "a content is only added after the last"
            ),
            ("UPDATE node SET hash = zeroblob(32)", "a node is never changed"),
            ("DELETE FROM node", "a node is never removed"),
            (
                "REPLACE INTO node SELECT level, position, zeroblob(32) FROM node",
                "a node is never replaced"
            ),
        ])
    func triggers(sql: String, message: String) throws {
        let ledger = try LedgerFixture(entries: 3)
        #expect(throws: RawDatabase.Failure(code: 19, description: message)) {
            try RawDatabase(ledger.path).execute(sql)
        }
        #expect(try ledger.faults() == [])
    }

    @Test(
        "an entry that was tampered with is named, with all that it brings about",
        arguments: [
            (
                "UPDATE entry SET text = packed(replace(unpacked(text), 'number: 5', 'number: 7'))"
                    + " WHERE idx = 5",
                [
                    "entry 5: its text does not have the hash that is stored with it",
                    "node 1/2, entries 4 to 5: it is not the hash of the entries below it",
                    "node 2/1, entries 4 to 7: it is not the hash of the entries below it",
                    "node 3/0, entries 0 to 7: it is not the hash of the entries below it",
                ]
            ),
            (
                "UPDATE entry SET leaf = zeroblob(32) WHERE idx = 9",
                ["entry 9: its text does not have the hash that is stored with it"]
            ),
            (
                "UPDATE entry SET kind = 'token' WHERE idx IN (3, 4)",
                [
                    "entry 3: its column says kind \"token\", its text \"request\"",
                    "entry 4: its column says kind \"token\", its text \"request\"",
                ]
            ),
            (
                "UPDATE entry SET time = '2026-11-22T12:00:01Z' WHERE idx = 9",
                [
                    "entry 9: its column says time \"2026-11-22T12:00:01Z\","
                        + " its text \"2026-11-22T12:00:00Z\""
                ]
            ),
            (
                "UPDATE entry SET text = packed(x'00') WHERE idx = 8",
                [
                    "entry 8: line 1: the first line is \"\\u{0}\", not \"conclave-entry: v1\""
                        + " (DOC-HEAD), and 1 more",
                    "node 1/4, entries 8 to 9: it is not the hash of the entries below it",
                ]
            ),
            (
                "UPDATE entry SET text = packed(unpacked(text) || x'0A') WHERE idx = 10",
                ["entry 10: line 8: the text ends with an empty line (DOC-BLOCK)"]
            ),
            ("DELETE FROM entry WHERE idx = 4", ["entry 4: it is missing"]),
            (
                "DELETE FROM entry WHERE idx BETWEEN 0 AND 3",
                ["entries 0 to 3: they are missing"]
            ),
            (
                "UPDATE entry SET idx = 99 WHERE idx = 10",
                [
                    "entries 10 to 98: they are missing",
                    "entry 99: its text says index 10",
                ]
            ),
        ])
    func tamperedEntries(sql: String, expected: [String]) throws {
        let ledger = try LedgerFixture(entries: 11)
        try RawDatabase.tamper(ledger.path, "entry", sql)
        let verification = try LedgerStore.verify(path: ledger.path)
        let found = verification.faults.map(\.description).filter { !$0.hasPrefix("handle") }
        #expect(found == expected)
    }

    @Test("an entry older than the one before it is named")
    func timeBeforeLast() throws {
        let ledger = try LedgerFixture(entries: 1)
        let early = UnixTime(seconds: LedgerFixture.start.seconds - 5)
        let entry = try LedgerFixture.draft(1).entry(index: 1, time: early)
        try RawDatabase(ledger.path).execute(
            """
            INSERT INTO entry VALUES (1, 'request', '\(early)', x'\(entry.leafHash.hex)',
            packed('\(String(decoding: entry.bytes, as: UTF8.self))'))
            """)
        #expect(
            try LedgerStore.verify(path: ledger.path).faults == [
                .timeBeforeLast(entry: 1, time: early, last: LedgerFixture.start),
                .missingNode(MerkleNode(level: 1, position: 0)),
            ])
        #expect(
            try ledger.faults() == [
                "entry 1: its time 2026-11-22T11:59:55Z is before 2026-11-22T12:00:00Z,"
                    + " that of the entry before",
                "node 1/0, entries 0 to 1: it is missing",
            ])
    }

    @Test(
        "a tree that was tampered with is named, node by node",
        arguments: [
            (
                "UPDATE node SET hash = zeroblob(32) WHERE level = 2 AND position = 1",
                ["node 2/1, entries 4 to 7: it is not the hash of the entries below it"]
            ),
            (
                "DELETE FROM node WHERE level = 1 AND position IN (0, 3)",
                [
                    "node 1/0, entries 0 to 1: it is missing",
                    "node 1/3, entries 6 to 7: it is missing",
                ]
            ),
            (
                "INSERT INTO node VALUES (1, 5, zeroblob(32)), (4, 0, zeroblob(32))",
                ["node 1/5: the ledger has no such node", "node 4/0: the ledger has no such node"]
            ),
        ])
    func tamperedNodes(sql: String, expected: [String]) throws {
        let ledger = try LedgerFixture(entries: 11)
        try RawDatabase.tamper(ledger.path, "node", sql)
        #expect(try ledger.faults() == expected)
    }

    @Test("a content with other bytes than its name says is named")
    func tamperedContent() throws {
        let ledger = try LedgerFixture(entries: 3)
        let digest = Content(Array("content 1".utf8)).digest
        try RawDatabase.tamper(
            ledger.path, "content",
            "UPDATE content SET bytes = packed(x'00') WHERE sha256 = x'\(digest.hex)'")
        #expect(
            try ledger.faults() == ["content \(digest.hex): its bytes have another digest"])
        let error = LedgerStoreError.damagedContent(
            digest, reason: "its bytes have another digest")
        #expect(throws: error) { try ledger.open(.readOnly).content(digest) }
        #expect(
            error.description == "content \(digest.hex) is damaged: its bytes have another digest")
    }

    @Test("a content that an entry cannot do without is missed where the caller says so")
    func missingContent() throws {
        let ledger = try LedgerFixture(entries: 3)
        let digest = Content(Array("content 1".utf8)).digest
        try RawDatabase.tamper(
            ledger.path, "content", "DELETE FROM content WHERE sha256 = x'\(digest.hex)'")
        // What should lead to it does so in vain, whatever the entries need.
        let stray =
            "look-up of content \(digest.hex.prefix(16))...: it leads to row 2, which does not hold it"
        #expect(try ledger.faults() == [stray])
        let verification = try LedgerStore.verify(path: ledger.path) { entry, _ in
            var inspection = EntryInspection()
            inspection.contents = entry.blocks.flatMap { block in
                block.fields.filter { $0.name == "file" }.compactMap { SHA256Digest(hex: $0.value) }
            }
            return inspection
        }
        #expect(verification.faults.first == .missingContent(entry: 1, digest))
        #expect(
            verification.faults.map(\.description) == [
                "entry 1: its content \(digest.hex) is missing", stray,
            ])
    }

    @Test(
        "contents are read whatever entries name them, in whatever order, and so are those that none names"
    )
    func contentsInAnyOrder() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let contents = (0..<40).map { Content(Array("text \($0)".utf8)) }
        // All come with the first entry; others name them backwards, again and again, and the last
        // eight are named by none.
        var first = EntryDraft(.genesis)
        for content in contents { first.field("part", content.digest.hex) }
        first.contents = contents
        let others = (0..<3_000).map { number in
            var draft = EntryDraft(.request)
            draft.field("file", contents[31 - (number &* 7 + number / 1_000) % 32].digest.hex)
            return draft
        }
        try store.append([first] + others, time: LedgerFixture.start)
        try store.close()
        @Sendable func inspect(
            _ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?
        ) -> EntryInspection {
            var inspection = EntryInspection()
            inspection.contents = entry.blocks.flatMap { block in
                block.fields.filter { $0.name == "file" }.compactMap { SHA256Digest(hex: $0.value) }
            }
            // Every other entry is read; of the rest, it is asked whether it could be.
            if entry.index % 2 == 0 {
                for digest in inspection.contents {
                    guard let bytes = content(digest) else { continue }
                    if SHA256Digest(hashing: bytes) != digest { inspection.faults = ["wrong"] }
                }
            }
            return inspection
        }
        func faults() throws -> [String] {
            try LedgerStore.verify(path: ledger.path, inspect: inspect).faults.map(\.description)
        }
        #expect(try faults() == [])
        let damaged = [0, 5, 31, 32, 36, 39].map { contents[$0].digest.hex }
        for name in damaged {
            try RawDatabase.tamper(
                ledger.path, "content",
                "UPDATE content SET bytes = packed(x'00') WHERE sha256 = x'\(name)'")
        }
        #expect(
            try faults() == damaged.sorted().map { "content \($0): its bytes have another digest" })
    }

    @Test("a rewritten history that fits in itself is told by its root alone")
    func consistentForgery() throws {
        let ledger = try LedgerFixture(entries: 9)
        let signed = try ledger.open(.readOnly).checkpointRoot()
        let forged = try LedgerFixture()
        let store = try forged.open()
        try store.append(
            [0, 1, 2, 3, 44, 5, 6, 7, 8].map(LedgerFixture.draft), time: LedgerFixture.start)
        try store.close()
        let verification = try LedgerStore.verify(path: forged.path)
        #expect(verification.faults == [])
        #expect(verification.root != signed)
        #expect(try LedgerStore.verify(path: ledger.path).root == signed)
    }

    @Test("a page of garbage anywhere is found, or the file refused")
    func garbage() throws {
        let ledger = try LedgerFixture(entries: 40)
        let sound = try read(ledger.path)
        let pages = sound.count / 4_096
        #expect(pages > 6)
        for page in 0..<pages {
            var bytes = sound
            for offset in page * 4_096..<(page + 1) * 4_096 { bytes[offset] ^= 0x5A }
            try write(bytes, to: ledger.path)
            do {
                let verification = try LedgerStore.verify(path: ledger.path)
                #expect(!verification.faults.isEmpty, "page \(page)")
            } catch {
                switch error {
                case .corrupt, .foreign, .alteredSchema: break
                default: Issue.record(error, "page \(page)")
                }
            }
        }
    }

    @Test("a bit turned anywhere in the stored texts is found, or has done no harm")
    func turnedBits() throws {
        let ledger = try LedgerFixture(entries: 4)
        let whole = try LedgerStore.verify(path: ledger.path)
        let sound = try read(ledger.path)
        let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
        let starts = sound.indices.filter { sound[$0...].starts(with: magic) }
        // Four entries, and a content of each.
        #expect(starts.count == 8)
        var found = 0
        var tried = 0
        for start in starts {
            for offset in stride(from: start, to: start + 72, by: 5) {
                var bytes = sound
                bytes[offset] ^= 0x01
                try write(bytes, to: ledger.path)
                let verification = try LedgerStore.verify(path: ledger.path)
                tried += 1
                found += verification.faults.isEmpty ? 0 : 1
                // Some bits of a frame have no meaning.
                #expect(!verification.faults.isEmpty || verification == whole)
            }
        }
        #expect(found > tried * 3 / 4)
    }
}

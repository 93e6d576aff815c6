// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("texts packed by zstd")
struct PackingTests {
    private static let dictionary =
        "edb71d06a3950ad378aaa0e46105df2f4b8ca4f20fea6f3c0d6a1c73de322a2d"

    @Test("the dictionary is the one of the format, for ever")
    func dictionary() throws {
        let ledger = try LedgerFixture()
        let rows = try RawDatabase(ledger.path).rows("SELECT id, hex(bytes) FROM dictionary")
        #expect(rows.count == 1)
        #expect(rows.first?.first == "51713")
        let bytes = try #require(rows.first?.last.flatMap { Hex.decode($0.lowercased()) })
        #expect(SHA256Digest(hashing: bytes).hex == Self.dictionary)
    }

    @Test(
        "a ledger with another dictionary is refused, and the dictionary named",
        arguments: [
            "UPDATE dictionary SET bytes = CAST(replace(bytes, 'index', 'INDEX') AS BLOB)",
            "UPDATE dictionary SET bytes = x''", "UPDATE dictionary SET id = 51714",
            "DELETE FROM dictionary", "INSERT INTO dictionary VALUES (60000, x'00')",
        ])
    func otherDictionary(sql: String) throws {
        let ledger = try LedgerFixture(entries: 3)
        try RawDatabase.tamper(ledger.path, "dictionary", sql)
        let number = sql.contains("51714") ? 51_714 : sql.contains("60000") ? 60_000 : 51_713
        let error = LedgerStoreError.alteredSchema(
            path: ledger.path, object: "dictionary \(number)")
        #expect(throws: error) { try ledger.open() }
        #expect(throws: error) { try LedgerStore.verify(path: ledger.path) }
        #expect(error.rule?.name == "LEDGER-FILE")
    }

    @Test("a slip with another SQLite program changes no dictionary")
    func triggers() throws {
        let ledger = try LedgerFixture()
        for (sql, refusal) in [
            ("INSERT INTO dictionary VALUES (1, x'00')", "a dictionary is never added"),
            ("UPDATE dictionary SET bytes = x'00'", "a dictionary is never changed"),
            ("DELETE FROM dictionary", "a dictionary is never removed"),
        ] {
            #expect(throws: RawDatabase.Failure(code: 19, description: refusal)) {
                try RawDatabase(ledger.path).execute(sql)
            }
        }
    }

    /// What stands in a row, in SQL, and what is wrong with it.
    private static let faults = [
        ("x''", "it is not packed by zstd"),
        ("x'28B52F'", "it is not packed by zstd"),
        ("'a plain text'", "it is not packed by zstd"),
        ("substr(FRAME, 1, 4)", "its frame does not say how long it is"),
        // A frame of no given size, and one that is to be skipped.
        ("x'28B52FFD' || x'0000' || x'290000' || 'hello'", "its frame does not say how long it is"),
        ("x'5A2A4D1804000000' || 'skip'", "it is not packed by zstd"),
        ("substr(FRAME, 1, length(FRAME) - 1)", "zstd says: Src size is incorrect"),
        ("FRAME || x'00'", "1 bytes stand behind its frame"),
        ("FRAME || FRAME", "86 bytes stand behind its frame"),
        // Sizes of 64 bits, and of one byte more than there are.
        (
            "x'28B52FFDE0FDFFFFFFFFFFFFFF' || x'290000' || 'hello'",
            "it has 18446744073709551613 bytes, more than the limit of 4194304"
        ),
        ("x'28B52FFD2006' || x'290000' || 'hello'", "zstd says: Data corruption detected"),
        ("x'28B52FFD2005' || x'2F0000' || 'hello'", "zstd says: Data corruption detected"),
        ("packed(zeroblob(4194305))", "it has 4194305 bytes, more than the limit of 4194304"),
        // The number of another dictionary.
        ("x'28B52FFD2101' || x'05' || x'290000' || 'hello'", "zstd says: Dictionary mismatch"),
    ]

    @Test("what is no packed text of an entry is named, and stops nothing", arguments: faults)
    func entryFaults(value: String, reason: String) throws {
        let ledger = try LedgerFixture(entries: 4)
        let sql = value.replacing("FRAME", with: "text")
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET text = CAST(\(sql) AS BLOB) WHERE idx = 2")
        #expect(throws: LedgerStoreError.damagedEntry(index: 2, reason: reason)) {
            try ledger.open(.readOnly).entry(at: 2)
        }
        let verification = try LedgerStore.verify(path: ledger.path)
        #expect(verification.faults == [.unreadable(entry: 2, reason: reason)])
        #expect(verification.root == nil)
    }

    @Test("what is no packed content is named by its digest", arguments: faults)
    func contentFaults(value: String, reason: String) throws {
        let ledger = try LedgerFixture(entries: 4)
        let digest = Content(Array("content 2".utf8)).digest
        let sql = value.replacing("FRAME", with: "bytes").replacing("4194305", with: "16777217")
        try RawDatabase.tamper(
            ledger.path, "content",
            "UPDATE content SET bytes = CAST(\(sql) AS BLOB) WHERE sha256 = x'\(digest.hex)'")
        let expected = reason.replacing("4194304", with: "16777216")
            .replacing("4194305", with: "16777217").replacing("86 bytes", with: "20 bytes")
        let error = LedgerStoreError.damagedContent(digest, reason: expected)
        #expect(throws: error) { try ledger.open(.readOnly).content(digest) }
        #expect(throws: error) { try ledger.open(.readOnly).forEachContent { _, _ in } }
        #expect(error.description == "content \(digest.hex) is damaged: \(expected)")
        #expect(try ledger.faults() == ["content \(digest.hex): \(expected)"])
    }

    @Test("whatever frame holds the text, it is the text that counts")
    func otherFrames() throws {
        let ledger = try LedgerFixture(entries: 4)
        let text = try ledger.open(.readOnly).entry(at: 2).bytes
        // One block of bytes as they are, of a size that two bytes give from 256 on.
        let size = text.count
        #expect((1..<256).contains(size))
        let block = size << 3 | 1
        let frame =
            [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(size), UInt8(block & 255), UInt8(block >> 8), 0]
            + text
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET text = x'\(Hex.encode(frame))' WHERE idx = 2")
        #expect(try ledger.open(.readOnly).entry(at: 2).bytes == text)
        #expect(try ledger.faults() == [])
    }

    @Test("an empty content, and one of the full size, come back as they were")
    func sizes() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let contents = [
            Content([]), Content([UInt8](repeating: 7, count: Content.maximumBytes)),
            Content((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }),
        ]
        var draft = EntryDraft(.request)
        for content in contents { draft.field("file", content.digest.hex) }
        draft.contents = contents
        try store.append([draft], time: LedgerFixture.start)
        for content in contents { #expect(try store.content(content.digest) == content.bytes) }
        try store.close()
        #expect(try ledger.faults() == [])
    }
}

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
                "REPLACE INTO content SELECT sha256, x'00' FROM content",
                "a content is never replaced"
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
                "UPDATE entry SET text = CAST(replace(text, 'number: 5', 'number: 7') AS BLOB)"
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
                "UPDATE entry SET text = x'00' WHERE idx = 8",
                [
                    "entry 8: line 1: the first line is \"\\u{0}\", not \"conclave-entry: v1\""
                        + " (DOC-HEAD), and 1 more",
                    "node 1/4, entries 8 to 9: it is not the hash of the entries below it",
                ]
            ),
            (
                "UPDATE entry SET text = CAST(text || x'0A' AS BLOB) WHERE idx = 10",
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
}

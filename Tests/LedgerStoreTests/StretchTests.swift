// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Synchronization
import Testing

/// Entries are looked through in stretches of 1,024, several at once; what joins them is tested here.
@Suite("looking through a ledger of several stretches")
struct StretchTests {
    private static let size = 3 * 1_024 + 5
    private let ledger: LedgerFixture

    init() throws {
        ledger = try LedgerFixture()
        let store = try ledger.open()
        try store.append(
            (0..<Self.size).map { LedgerFixture.draft($0) }, time: LedgerFixture.start)
        try store.close()
    }

    @Test("a sound ledger gives its root, and every entry is shown to the caller once")
    func sound() throws {
        let seen = Mutex<[UInt64]>([])
        let store = try ledger.open(.readOnly)
        let verification = try store.verify { entry, _ in
            seen.withLock { $0.append(entry.index) }
            var inspection = EntryInspection()
            inspection.signatures = 2
            inspection.certificates = 1
            return inspection
        }
        #expect(verification.faults == [])
        #expect(verification.root == store.checkpointRoot())
        #expect(verification.size == UInt64(Self.size))
        #expect(verification.signatures == 2 * Self.size)
        #expect(verification.certificates == Self.size)
        #expect(seen.withLock { $0.sorted() } == (0..<UInt64(Self.size)).map { $0 })
    }

    @Test(
        "what is wrong between stretches is named",
        arguments: [
            ("entry", "DELETE FROM entry WHERE idx = 1023", "entry 1023: it is missing"),
            ("entry", "DELETE FROM entry WHERE idx = 1024", "entry 1024: it is missing"),
            (
                "entry", "DELETE FROM entry WHERE idx BETWEEN 1000 AND 2100",
                "entries 1000 to 2100: they are missing"
            ),
            (
                "node", "DELETE FROM node WHERE level = 10 AND position = 2",
                "node 10/2, entries 2048 to 3071: it is missing"
            ),
            (
                "node", "UPDATE node SET hash = zeroblob(32) WHERE level = 11",
                "node 11/0, entries 0 to 2047: it is not the hash of the entries below it"
            ),
            (
                "node", "DELETE FROM node WHERE level = 11",
                "node 11/0, entries 0 to 2047: it is missing"
            ),
            (
                "node", "INSERT INTO node VALUES (11, 1, zeroblob(32))",
                "node 11/1: the ledger has no such node"
            ),
            (
                "node", "INSERT INTO node VALUES (1, 1538, zeroblob(32))",
                "node 1/1538: the ledger has no such node"
            ),
        ])
    func tampered(table: String, sql: String, expected: String) throws {
        try RawDatabase.tamper(ledger.path, table, sql)
        let found = try ledger.faults().filter { !$0.hasPrefix("handle") }
        #expect(found == [expected])
    }

    @Test("an entry that is older than the last of the stretch before is named")
    func time() throws {
        let early = UnixTime(seconds: LedgerFixture.start.seconds - 1)
        let entry = try LedgerFixture.draft(1_024).entry(index: 1_024, time: early)
        try RawDatabase.tamper(
            ledger.path, "entry",
            """
            UPDATE entry SET time = '\(early)', leaf = x'\(entry.leafHash.hex)',
            text = packed('\(String(decoding: entry.bytes, as: UTF8.self))')
            WHERE idx = 1024
            """)
        let verification = try LedgerStore.verify(path: ledger.path)
        #expect(
            verification.faults.first
                == .timeBeforeLast(entry: 1_024, time: early, last: LedgerFixture.start))
    }

    @Test("what the caller finds in an entry is a fault of that entry, in the ledger's order")
    func callersFaults() throws {
        let verification = try LedgerStore.verify(path: ledger.path) { entry, _ in
            var inspection = EntryInspection()
            if entry.index.isMultiple(of: 1_000) { inspection.faults = ["it is round"] }
            return inspection
        }
        #expect(
            verification.faults.map(\.description) == [
                "entry 0: it is round", "entry 1000: it is round", "entry 2000: it is round",
                "entry 3000: it is round",
            ])
    }
}

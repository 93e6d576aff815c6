// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("using a damaged ledger")
struct DamagedLedgerTests {
    @Test("a damaged entry is not handed over, and reading stops at it")
    func entries() throws {
        let ledger = try LedgerFixture(entries: 6)
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET kind = 'token' WHERE idx = 2")
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET text = packed(x'0A') WHERE idx = 3")
        let store = try ledger.open()
        let error = LedgerStoreError.damagedEntry(
            index: 2, reason: "its column says kind \"token\", its text \"request\"")
        #expect(throws: error) { try store.entry(at: 2) }
        #expect(
            error.description
                == "entry 2 is damaged: its column says kind \"token\", its text \"request\"")
        #expect(error.hint == "verify the ledger to see all that is wrong with it")
        var seen: [UInt64] = []
        #expect(throws: error) { try store.forEach(from: 0) { seen.append($0.index) } }
        #expect(seen == [0, 1])
        #expect(
            throws: LedgerStoreError.damagedEntry(
                index: 3,
                reason: "line 1: the text begins with an empty line (DOC-BLOCK), and 1 more")
        ) { try store.entry(at: 3) }
        #expect(try store.find(.serial(5)) == [5])
    }

    @Test("a gap in the entries ends the reading")
    func gap() throws {
        let ledger = try LedgerFixture(entries: 6)
        try RawDatabase.tamper(ledger.path, "entry", "DELETE FROM entry WHERE idx = 2")
        let store = try ledger.open(.readOnly)
        var seen: [UInt64] = []
        #expect(throws: LedgerStoreError.damagedEntry(index: 2, reason: "it is missing")) {
            try store.forEach(from: 0) { seen.append($0.index) }
        }
        #expect(seen == [0, 1])
        #expect(throws: LedgerStoreError.damagedEntry(index: 2, reason: "it is missing")) {
            try store.entry(at: 2)
        }
    }

    @Test("a ledger with a damaged last entry is not opened")
    func lastEntry() throws {
        let ledger = try LedgerFixture(entries: 6)
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET leaf = zeroblob(32) WHERE idx = 5")
        #expect(
            throws: LedgerStoreError.damagedEntry(
                index: 5, reason: "its text does not have the hash that is stored with it")
        ) { try ledger.open() }
    }

    @Test("a ledger without a node that appending needs is not opened")
    func edge() throws {
        let ledger = try LedgerFixture(entries: 6)
        try RawDatabase.tamper(ledger.path, "node", "DELETE FROM node WHERE level = 2")
        let error = LedgerStoreError.damagedNode(MerkleNode(level: 2, position: 0))
        #expect(throws: error) { try ledger.open(.readOnly) }
        #expect(error.description == "node 2/0 of the tree is missing or damaged")
    }

    @Test("an index at the end of the number range does not stop the program")
    func hugeIndex() throws {
        let ledger = try LedgerFixture(entries: 2)
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET idx = 9223372036854775807 WHERE idx = 1")
        #expect(
            throws: LedgerStoreError.damagedNode(MerkleNode(level: 63, position: 0))
        ) { try ledger.open(.readOnly) }
        #expect(
            try LedgerStore.verify(path: ledger.path).faults.prefix(2) == [
                .missing(first: 1, last: 9_223_372_036_854_775_806),
                .wrongIndex(entry: 9_223_372_036_854_775_807, text: 1),
            ])
    }

    @Test("a row larger than any that was written is not read into memory")
    func hugeRow() throws {
        let ledger = try LedgerFixture(entries: 4)
        try RawDatabase.tamper(
            ledger.path, "entry", "UPDATE entry SET text = zeroblob(30000000) WHERE idx = 1")
        let error = LedgerStoreError.corrupt(
            path: ledger.path, reason: "a row is larger than any that was written")
        #expect(throws: error) { try ledger.open(.readOnly).entry(at: 1) }
        #expect(
            try ledger.faults().contains("database: a row is larger than any that was written"))
    }
}

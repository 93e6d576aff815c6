// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import LedgerStore
import Testing

@Suite("what stands beside a ledger")
struct CompanionTests {
    /// The files of a ledger whose writer ended without closing it: three entries in the file, two in
    /// the log.
    private func killed() throws -> TemporaryDirectory {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open()
        try store.append(3)
        try store.append(4)
        return try ledger.directory.snapshot()
    }

    @Test(
        "a log that a killed writer left is read, and written into the file by the next writer alone"
    )
    func leftLog() throws {
        let copy = try killed()
        let path = copy.file("ledger.db")
        let file = try read(path)
        let log = try read(path + "-wal")
        #expect(!log.isEmpty)
        for _ in 0..<2 {
            let reader = try LedgerStore(opening: path, mode: .readOnly)
            #expect(reader.size == 5)
            #expect(try reader.verify().faults == [])
            try reader.close()
            #expect(try read(path) == file)
            #expect(try read(path + "-wal") == log)
        }
        // A writer that gives up, as one that finds another ledger than it knows, has changed nothing.
        do {
            let writer = try LedgerStore(opening: path, mode: .readWrite)
            #expect(writer.size == 5)
        }
        #expect(try read(path) == file)
        #expect(try read(path + "-wal") == log)
        let writer = try LedgerStore(opening: path, mode: .readWrite)
        try writer.close()
        #expect(copy.names == ["ledger.db"])
        #expect(try LedgerStore(opening: path, mode: .readOnly).size == 5)
    }

    @Test("the index of the log may be missing, or be another ledger's")
    func index() throws {
        let other = try killed()
        for name in ["", other.file("ledger.db-shm")] {
            let copy = try killed()
            let path = copy.file("ledger.db")
            if name.isEmpty {
                #expect(unlink(path + "-shm") == 0 || errno == ENOENT)
            } else if let bytes = try? read(name) {
                try write(bytes, to: path + "-shm")
            }
            #expect(try LedgerStore.verify(path: path).faults == [])
            #expect(try LedgerStore(opening: path, mode: .readWrite).size == 5)
        }
    }

    @Test("the log of another ledger does not get into the file, whoever looks")
    func foreignLog() throws {
        let ledger = try LedgerFixture(entries: 40)
        let root = try ledger.open(.readOnly).checkpointRoot()
        let sound = try read(ledger.path)
        let other = try killed()
        try write(try read(other.file("ledger.db-wal")), to: ledger.path + "-wal")
        for mode in [LedgerStore.Mode.readOnly, .readWrite] {
            // SQLite cannot tell whose log it is: what comes out is another ledger, or none.
            if let store = try? LedgerStore(opening: ledger.path, mode: mode) {
                #expect(store.checkpointRoot() != root)
            }
            #expect(try read(ledger.path) == sound)
        }
        let verification = try? LedgerStore.verify(path: ledger.path)
        #expect(verification?.root != root || verification?.faults.isEmpty == false)
        #expect(try read(ledger.path) == sound)
    }

    @Test("a journal is refused before SQLite could roll it back, and nothing is touched")
    func journal() throws {
        let ledger = try LedgerFixture(entries: 2)
        let sound = try read(ledger.path)
        let journal = ledger.path + "-journal"
        try write(Array("\u{D9}".utf8) + [UInt8](repeating: 7, count: 600), to: journal)
        let error = LedgerStoreError.foreignJournal(path: journal)
        for mode in [LedgerStore.Mode.readOnly, .readWrite] {
            #expect(throws: error) { try LedgerStore(opening: ledger.path, mode: mode) }
        }
        #expect(throws: error) { try LedgerStore.verify(path: ledger.path) }
        #expect(
            error.description
                == "\"\(journal)\" is no file of the ledger, and SQLite would change the ledger by it"
        )
        #expect(
            error.hint == "move it away, keep it as evidence, and find out what opened the ledger")
        #expect(try read(ledger.path) == sound)
        #expect(ledger.directory.names == ["ledger.db", "ledger.db-journal"])
        try write([], to: journal)
        #expect(try ledger.faults() == [])
    }

    @Test("a symbolic link is no ledger, wherever it leads")
    func symbolicLink() throws {
        let ledger = try LedgerFixture(entries: 1)
        let link = ledger.directory.file("link.db")
        #expect(symlink(ledger.path, link) == 0)
        #expect(
            throws: LedgerStoreError.foreign(path: link, reason: "it is not a regular file")
        ) { try LedgerStore(opening: link, mode: .readOnly) }
    }
}

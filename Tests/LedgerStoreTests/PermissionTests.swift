// SPDX-License-Identifier: Apache-2.0
import Glibc
import Ledger
import LedgerStore
import Testing

@Suite("a ledger that may not be written")
struct PermissionTests {
    /// Runs `body` as a user whom permissions bind, on this thread alone.
    private func asOrdinaryUser(_ body: () throws -> Void) throws {
        guard geteuid() == 0 else { return try body() }
        typealias SetUser = @convention(c) (uid_t) -> Int32
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setUser = unsafeBitCast(symbol, to: SetUser.self)
        _ = setUser(nobody)
        defer { _ = setUser(0) }
        try body()
    }

    private let nobody: uid_t = 65_534

    /// How many entries an ordinary user finds who only reads.
    private func size(of path: String) throws -> UInt64 {
        var size: UInt64 = 0
        try asOrdinaryUser { size = try LedgerStore(opening: path, mode: .readOnly).size }
        return size
    }

    /// A ledger whose file and directory belong to the user of the test.
    private func fixture() throws -> LedgerFixture {
        let ledger = try LedgerFixture(entries: 3)
        if geteuid() == 0 {
            chown(ledger.path, nobody, gid_t.max)
            chown(ledger.directory.path, nobody, gid_t.max)
        }
        return ledger
    }

    @Test("in a directory that cannot be written it is read, and neither appended to nor made")
    func directory() throws {
        let ledger = try fixture()
        let root = try ledger.open(.readOnly).checkpointRoot()
        chmod(ledger.directory.path, 0o500)
        let error = LedgerStoreError.readOnlyDirectory(path: ledger.path)
        let other = ledger.directory.file("other.db")
        try asOrdinaryUser {
            #expect(throws: error) { try ledger.open(.readWrite) }
            let store = try ledger.open(.readOnly)
            #expect(store.checkpointRoot() == root)
            #expect(try store.entry(at: 2).index == 2)
            #expect(throws: LedgerStoreError.openedForReading(path: ledger.path)) {
                try store.append(3)
            }
            try store.close()
            #expect(throws: LedgerStoreError.readOnlyDirectory(path: other)) {
                try LedgerStore.create(path: other)
            }
        }
        #expect(
            error.description
                == "ledger \"\(ledger.path)\" is in a directory that cannot be written")
        #expect(
            error.hint
                == "make the folder writable for this user, or mount its disk for writing; a ledger that "
                + "is to be read alone can be copied, with all that stands beside it")
        #expect(ledger.directory.names == ["ledger.db"])
    }

    @Test("in such a directory an empty log is passed over, and one that is not is read or refused")
    func log() throws {
        let ledger = try fixture()
        let writer = try ledger.open()
        try writer.append(3)
        let copy = try ledger.directory.snapshot()
        let path = copy.file("ledger.db")
        for name in copy.names { chmod(copy.file(name), 0o444) }
        chmod(copy.path, 0o555)
        // As SQLite's own readers see it, with its index.
        #expect(try size(of: path) == 4)
        unlink(copy.file("ledger.db-shm"))
        let error = LedgerStoreError.unreadLog(path: path)
        #expect(throws: error) { try size(of: path) }
        #expect(
            error.description
                == "ledger \"\(path)\": what was recorded last is in its log, -wal, which cannot be "
                + "read in a directory that cannot be written")
        #expect(
            error.hint
                == "copy the ledger with its -wal to a folder that can be written, and read it there"
        )
        try write([], to: copy.file("ledger.db-wal"))
        #expect(try size(of: path) == 3)
        #expect(copy.names == ["ledger.db", "ledger.db-wal"])
    }

    @Test("whoever writes it meanwhile is noticed")
    func changed() throws {
        let ledger = try fixture()
        chmod(ledger.directory.path, 0o500)
        var opened: LedgerStore?
        try asOrdinaryUser { opened = try ledger.open(.readOnly) }
        let reader = try #require(opened)
        try reader.refresh()
        chmod(ledger.directory.path, 0o700)
        let writer = try ledger.open()
        try writer.append(3)
        try writer.close()
        let error = LedgerStoreError.notStill(path: ledger.path)
        #expect(throws: error) { try reader.refresh() }
        #expect(throws: error) { try reader.verify() }
        #expect(
            error.description
                == "ledger \"\(ledger.path)\" was written while it was read from a directory that "
                + "cannot be written")
        #expect(error.hint == "read it where it is written, or when nobody does")
    }

    @Test("its name may hold what means something in a name of SQLite's", arguments: ["?%41#&=:"])
    func name(_ part: String) throws {
        let ledger = try fixture()
        let path = ledger.directory.file(part + ".db")
        #expect(rename(ledger.path, path) == 0)
        chmod(ledger.directory.path, 0o500)
        #expect(try size(of: path) == 3)
        #expect(try size(of: "/" + path) == 3)
        #expect(ledger.directory.names == [part + ".db"])
    }

    @Test("a file that cannot be written is opened for reading, and for nothing else")
    func file() throws {
        let ledger = try fixture()
        chmod(ledger.path, 0o400)
        try asOrdinaryUser {
            let error = LedgerStoreError.readOnlyFile(path: ledger.path)
            #expect(throws: error) { try ledger.open(.readWrite) }
            #expect(error.description == "ledger \"\(ledger.path)\" cannot be written")
            let store = try ledger.open(.readOnly)
            #expect(store.size == 3)
            #expect(try store.verify().faults == [])
            try store.close()
        }
    }

    @Test("a file that cannot be read is refused")
    func unreadable() throws {
        let ledger = try fixture()
        chmod(ledger.path, 0o000)
        try asOrdinaryUser {
            let error = LedgerStoreError.file(
                operation: "open", path: ledger.path, number: EACCES)
            #expect(throws: error) { try ledger.open(.readOnly) }
            #expect(error.description == "open \"\(ledger.path)\": Permission denied")
        }
    }
}

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

    /// A ledger whose file and directory belong to the user of the test.
    private func fixture() throws -> LedgerFixture {
        let ledger = try LedgerFixture(entries: 3)
        if geteuid() == 0 {
            chown(ledger.path, nobody, gid_t.max)
            chown(ledger.directory.path, nobody, gid_t.max)
        }
        return ledger
    }

    @Test("in a directory that cannot be written it is neither opened nor made")
    func directory() throws {
        let ledger = try fixture()
        chmod(ledger.directory.path, 0o500)
        let error = LedgerStoreError.readOnlyDirectory(path: ledger.path)
        let other = ledger.directory.file("other.db")
        try asOrdinaryUser {
            #expect(throws: error) { try ledger.open(.readWrite) }
            #expect(throws: error) { try ledger.open(.readOnly) }
            #expect(throws: LedgerStoreError.readOnlyDirectory(path: other)) {
                try LedgerStore.create(path: other)
            }
        }
        #expect(
            error.description
                == "ledger \"\(ledger.path)\" is in a directory that cannot be written")
        #expect(
            error.hint
                == "SQLite keeps files beside the ledger, even for reading; copy the ledger elsewhere"
        )
        #expect(ledger.directory.names == ["ledger.db"])
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

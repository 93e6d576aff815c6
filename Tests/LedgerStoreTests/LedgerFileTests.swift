// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("the file of a ledger")
struct LedgerFileTests {
    @Test("a new ledger is empty, for its owner alone, and one file")
    func creation() throws {
        let ledger = try LedgerFixture()
        #expect(ledger.directory.names == ["ledger.db"])
        var status = stat()
        #expect(stat(ledger.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let store = try ledger.open()
        #expect(store.size == 0)
        #expect(store.lastTime == nil)
        #expect(store.checkpointRoot() == MerkleTree.emptyRoot)
        #expect(try store.verify().faults.isEmpty)
        try store.close()
        #expect(ledger.directory.names == ["ledger.db"])
    }

    @Test("the file carries the application id and the version of its format")
    func identification() throws {
        let ledger = try LedgerFixture()
        let raw = try RawDatabase(ledger.path)
        #expect(try raw.rows("PRAGMA application_id") == [["1129202508"]])
        #expect(try raw.rows("PRAGMA user_version") == [["2"]])
        #expect(try raw.rows("PRAGMA journal_mode") == [["wal"]])
        #expect(
            try raw.rows(
                "SELECT DISTINCT strict FROM pragma_table_list WHERE schema = 'main'"
                    + " AND type = 'table' AND name NOT LIKE 'sqlite%'") == [["1"]])
    }

    @Test("a ledger is never made over a file")
    func exists() throws {
        let ledger = try LedgerFixture(entries: 2)
        let before = try read(ledger.path)
        #expect(throws: LedgerStoreError.exists(path: ledger.path)) {
            try LedgerStore.create(path: ledger.path)
        }
        #expect(try read(ledger.path) == before)

        let other = ledger.directory.file("note.txt")
        try write([], to: other)
        #expect(throws: LedgerStoreError.exists(path: other)) {
            try LedgerStore.create(path: other)
        }
    }

    @Test(
        "a ledger is not made beside the log of one that is gone", arguments: ["-wal", "-journal"])
    func leftover(suffix: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("ledger.db")
        try write([1], to: path + suffix)
        #expect(throws: LedgerStoreError.leftover(path: path + suffix)) {
            try LedgerStore.create(path: path)
        }
        #expect(directory.names == ["ledger.db" + suffix])
    }

    @Test("a ledger is not made in a directory that is not there")
    func noDirectory() throws {
        let path = try TemporaryDirectory().file("home/ledger.db")
        let error = LedgerStoreError.file(operation: "create", path: path, number: ENOENT)
        #expect(throws: error) { try LedgerStore.create(path: path) }
        #expect(error.description == "create \"\(path)\": No such file or directory")
    }

    @Test("a missing ledger is not made by opening it")
    func missing() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("ledger.db")
        for mode in [LedgerStore.Mode.readOnly, .readWrite] {
            #expect(throws: LedgerStoreError.missing(path: path)) {
                try LedgerStore(opening: path, mode: mode)
            }
        }
        #expect(directory.names == [])
    }

    @Test("names that SQLite would read as something else are plain names")
    func oddNames() throws {
        let directory = try TemporaryDirectory()
        for name in ["file:ledger.db?mode=memory", ":memory:", "it's \"one\" %00.db"] {
            let path = directory.file(name)
            try LedgerStore.create(path: path)
            let store = try LedgerStore(opening: path, mode: .readWrite)
            try store.append(0)
            try store.close()
            #expect(directory.names.contains(name))
        }
        #expect(directory.names.count == 3)
    }

    @Test(
        "a file that is no database is refused",
        arguments: ["x", "SQLITE", "SQLite format 4", String(repeating: "note ", count: 5_000)])
    func notADatabase(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("note.txt")
        try write(Array(text.utf8), to: path)
        let error = LedgerStoreError.foreign(path: path, reason: "it is not a SQLite database")
        #expect(throws: error) { try LedgerStore(opening: path, mode: .readWrite) }
        #expect(error.description == "\"\(path)\" is not a ledger: it is not a SQLite database")
        #expect(try read(path) == Array(text.utf8))
        #expect(directory.names == ["note.txt"])
    }

    @Test("what is not a regular file is refused")
    func notAFile() throws {
        let directory = try TemporaryDirectory()
        let pipe = directory.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/null", directory.path] {
            #expect(
                throws: LedgerStoreError.foreign(path: path, reason: "it is not a regular file")
            ) { try LedgerStore(opening: path, mode: .readWrite) }
        }
    }

    @Test("another program's database is refused")
    func foreignDatabase() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("other.db")
        try RawDatabase(path).execute("CREATE TABLE entry (x); PRAGMA user_version = 1")
        #expect(
            throws: LedgerStoreError.foreign(
                path: path,
                reason: "it is a database with application id 0, not 1129202508")
        ) { try LedgerStore(opening: path, mode: .readWrite) }
        #expect(directory.names == ["other.db"])
    }

    @Test(
        "a ledger of another version is refused, with the program that can read it",
        arguments: [
            (1, "use the program that wrote it"),
            (3, "use the program that wrote it, or a later one"),
        ])
    func otherVersion(version: Int64, hint: String) throws {
        let ledger = try LedgerFixture(entries: 1)
        try RawDatabase(ledger.path).execute("PRAGMA user_version = \(version)")
        let error = LedgerStoreError.otherVersion(path: ledger.path, found: version, known: 2)
        #expect(throws: error) { try ledger.open(.readOnly) }
        #expect(throws: error) { try ledger.open(.readWrite) }
        #expect(
            error.description
                == "ledger \"\(ledger.path)\" has format version \(version); this program knows 2"
        )
        #expect(error.hint == hint)
    }

    @Test("a ledger of a version that never was is refused")
    func noVersion() throws {
        let ledger = try LedgerFixture(entries: 1)
        try RawDatabase(ledger.path).execute("PRAGMA user_version = 0")
        #expect(
            throws: LedgerStoreError.corrupt(
                path: ledger.path, reason: "format version 0 has never been in use")
        ) { try ledger.open(.readOnly) }
    }

    @Test("a ledger whose making was interrupted is refused, and says so")
    func unfinished() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("ledger.db")
        try write([], to: path)
        #expect(throws: LedgerStoreError.unfinished(path: path)) {
            try LedgerStore(opening: path, mode: .readWrite)
        }
        try RawDatabase(path).execute("PRAGMA journal_mode = WAL")
        #expect(throws: LedgerStoreError.unfinished(path: path)) {
            try LedgerStore(opening: path, mode: .readWrite)
        }
        #expect(
            LedgerStoreError.unfinished(path: "a.db").description
                == "ledger \"a.db\" is empty: its making was interrupted")
        #expect(
            LedgerStoreError.unfinished(path: "a.db").hint
                == "remove the file and make the ledger again")
    }

    @Test(
        "a ledger with altered tables or triggers is refused, and the object named",
        arguments: [
            ("DROP TRIGGER entry_update", "trigger entry_update"),
            (
                "DROP TRIGGER node_delete; CREATE TRIGGER node_delete BEFORE DELETE ON node"
                    + " BEGIN SELECT 1; END", "trigger node_delete"
            ),
            ("CREATE INDEX extra ON entry (kind)", "index extra"),
            ("CREATE TABLE extra (x)", "table extra"),
            ("CREATE VIEW extra AS SELECT 1", "view extra"),
            ("DROP TABLE handle_0", "table handle_0"),
            ("DROP VIEW handle", "view handle"),
            ("ALTER TABLE handle_0 ADD COLUMN extra TEXT", "table handle_0"),
            (
                "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN DELETE FROM handle_0; END",
                "trigger extra"
            ),
        ])
    func alteredSchema(sql: String, object: String) throws {
        let ledger = try LedgerFixture(entries: 1)
        try RawDatabase(ledger.path).execute(sql)
        let error = LedgerStoreError.alteredSchema(path: ledger.path, object: object)
        #expect(throws: error) { try ledger.open() }
        #expect(
            error.description
                == "ledger \"\(ledger.path)\": \(object) is not as this program makes it")
    }

    @Test("the statistics that ANALYZE leaves do no harm")
    func analyze() throws {
        let ledger = try LedgerFixture(entries: 3)
        try RawDatabase(ledger.path).execute("ANALYZE")
        #expect(try ledger.faults() == [])
    }

    @Test("a ledger that is cut off is refused at every length")
    func truncated() throws {
        let ledger = try LedgerFixture(entries: 20)
        let whole = try read(ledger.path)
        let path = ledger.directory.file("cut.db")
        let lengths = [1, 15, 16, 99, 100, 4_095, 4_096, whole.count - 4_096, whole.count - 1]
        for length in lengths {
            try write(Array(whole[..<length]), to: path)
            let expected = Int64(length < 100 ? 100 : whole.count)
            let error = LedgerStoreError.truncated(
                path: path, found: Int64(length), expected: expected)
            for mode in [LedgerStore.Mode.readOnly, .readWrite] {
                #expect(throws: error) { try LedgerStore(opening: path, mode: mode) }
            }
            #expect(
                error.description
                    == "ledger \"\(path)\" is cut off: \(length) bytes of \(expected)")
        }
        #expect(ledger.directory.names == ["cut.db", "ledger.db"])
    }

    @Test("an empty file with a log beside it is refused, and the log kept")
    func emptyWithLog() throws {
        let ledger = try LedgerFixture(entries: 2)
        let store = try ledger.open()
        try store.append(2)
        let copy = try ledger.directory.snapshot()
        let path = copy.file("ledger.db")
        let log = try read(path + "-wal")
        try write([], to: path)
        #expect(
            throws: LedgerStoreError.truncated(path: path, found: 0, expected: Int64(log.count))
        ) { try LedgerStore(opening: path, mode: .readWrite) }
        #expect(try read(path + "-wal") == log)
    }

    @Test("a ledger whose first page is garbage is refused as damaged")
    func corruptSchema() throws {
        let ledger = try LedgerFixture(entries: 2)
        var bytes = try read(ledger.path)
        for offset in 100..<4_096 { bytes[offset] = 0xA5 }
        try write(bytes, to: ledger.path)
        #expect(
            throws: LedgerStoreError.corrupt(
                path: ledger.path, reason: "database disk image is malformed")
        ) { try ledger.open() }
    }
}

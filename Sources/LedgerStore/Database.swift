// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Documents

/// One connection to one database file; closed when it ends, if not before.
@safe struct Database: ~Copyable {
    /// How long a call waits for another connection to finish, in milliseconds.
    static let patience: Int32 = 1_000
    /// The most bytes of a row that is read: a content of full size and its name.
    static let maximumRowBytes: Int32 = 17 * 1_024 * 1_024

    let path: String
    private var handle: OpaquePointer?
    private let pool = StatementPool()

    /// Opens the file, which must exist; nothing is read of it yet.
    ///
    /// A file that is taken to be still is read alone, without locks and without files beside it: its
    /// log is not looked at, and nobody may write it meanwhile.
    init(path: String, isStill: Bool = false) throws(LedgerStoreError) {
        self.path = path
        unsafe handle = nil
        _ = Self.countsNoMemory
        // A name that SQLite would not take for a plain path begins with ":" or "file:".
        let name = isStill ? Self.stillName(path) : path.hasPrefix("/") ? path : "./" + path
        let flags =
            (isStill ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE)
            | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(name, &opened, flags, nil)
        guard code == SQLITE_OK else {
            let error = unsafe LedgerStoreError(code: code, handle: opened, path: path)
            _ = unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = opened
        _ = unsafe sqlite3_busy_timeout(handle, Self.patience)
        _ = unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.maximumRowBytes)
    }

    deinit {
        pool.close()
        _ = unsafe sqlite3_close_v2(handle)
    }

    /// Tells SQLite once, before it is used, not to add up what memory it has: all threads would wait
    /// for one another at each piece of it.
    private static let countsNoMemory = conclave_sqlite3_count_no_memory()

    /// The name by which SQLite takes a file to be still (https://sqlite.org/uri.html).
    private static func stillName(_ path: String) -> String {
        let plain = path.utf8.flatMap { byte in
            let means = [UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(byte)
            return means ? Array("%\(Hex.encode([byte]))".utf8) : [byte]
        }
        return (path.hasPrefix("/") ? "file://" : "file:./")
            + String(decoding: plain, as: UTF8.self) + "?immutable=1"
    }

    /// Sets whether the log is written into the file, and removed, where this is the last connection that
    /// closes.
    borrowing func setCheckpointOnClose(_ enabled: Bool) {
        guard let handle = unsafe handle else { return }
        _ = unsafe conclave_sqlite3_checkpoint_on_close(handle, enabled ? 1 : 0)
    }

    /// Whether the connection has not been ended.
    var isOpen: Bool { unsafe handle != nil }

    /// Ends the connection; what is asked of it afterwards fails.
    mutating func close() {
        pool.close()
        _ = unsafe sqlite3_close_v2(handle)
        unsafe handle = nil
    }

    /// Runs statements that give no rows, or whose rows do not matter.
    borrowing func execute(_ sql: String) throws(LedgerStoreError) {
        guard let handle = unsafe handle else { throw .closed(path: path) }
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw error(code)
        }
    }

    /// A compiled statement, which may have served before.
    borrowing func prepare(_ sql: String) throws(LedgerStoreError) -> Statement {
        guard let handle = unsafe handle else { throw .closed(path: path) }
        if let statement = unsafe pool.take(sql) {
            return unsafe Statement(statement, sql, path: path, pool: pool)
        }
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement = unsafe statement else {
            throw error(code)
        }
        return unsafe Statement(statement, sql, path: path, pool: pool)
    }

    /// The first column of the first row as a number, or nil where there is no row or no value.
    borrowing func integer(_ sql: String) throws(LedgerStoreError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
    }

    /// The first column of the first row as text, or nil where there is no row or no value.
    borrowing func text(_ sql: String) throws(LedgerStoreError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() && !statement.isNull(0) ? statement.text(0) : nil
    }

    /// Ends a transaction without its changes; without a transaction, nothing happens.
    ///
    /// SQLite may have rolled back of its own accord; and a rollback that fails leaves a connection on
    /// which nothing can be committed any more, so that there is nothing for the caller to do.
    borrowing func rollBack() {
        guard let handle = unsafe handle, unsafe sqlite3_get_autocommit(handle) == 0 else { return }
        _ = unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Whether SQLite could open the file for reading only.
    var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

    /// The first bytes of the file, through SQLite's own descriptor; what the file lacks is zero.
    borrowing func fileHeader(_ count: Int32) throws(LedgerStoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let file = try unsafe file()
        let read = unsafe file.pointee.pMethods.pointee.xRead
        let code = unsafe read?(file, &bytes, count, 0) ?? SQLITE_MISUSE
        guard code == SQLITE_OK || code == Self.shortRead else { throw error(code) }
        return bytes
    }

    private borrowing func file() throws(LedgerStoreError) -> UnsafeMutablePointer<sqlite3_file> {
        guard let handle = unsafe handle else { throw .closed(path: path) }
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = unsafe sqlite3_file_control(
            handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file = unsafe file, unsafe file.pointee.pMethods != nil else {
            throw error(code)
        }
        return unsafe file
    }

    private borrowing func error(_ code: Int32) -> LedgerStoreError {
        unsafe LedgerStoreError(code: code, handle: handle, path: path)
    }

    /// `SQLITE_IOERR_SHORT_READ`, a macro that does not come over from C.
    private static var shortRead: Int32 { SQLITE_IOERR | 2 << 8 }
}

// SPDX-License-Identifier: Apache-2.0
import CSQLite
import SSHCrypto

/// A compiled statement of one connection, used within the scope that made it.
@safe struct Statement: ~Copyable {
    private let pointer: OpaquePointer
    private let sql: String
    private let path: String
    private let pool: StatementPool

    init(_ pointer: OpaquePointer, _ sql: String, path: String, pool: StatementPool) {
        unsafe self.pointer = pointer
        self.sql = sql
        self.path = path
        self.pool = pool
    }

    deinit { unsafe pool.put(pointer, sql) }

    /// Gives the parameter at `position`, counted from 1, a number.
    borrowing func bind(_ position: Int32, _ value: Int64) throws(LedgerStoreError) {
        try check(unsafe sqlite3_bind_int64(pointer, position, value))
    }

    /// Gives the parameter at `position`, counted from 1, a text.
    borrowing func bind(_ position: Int32, _ value: String) throws(LedgerStoreError) {
        var value = value
        let code = value.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { text in
                unsafe sqlite3_bind_text64(
                    pointer, position, text.baseAddress, UInt64(text.count), Self.copied,
                    UInt8(SQLITE_UTF8))
            }
        }
        try check(code)
    }

    /// Gives the parameter at `position`, counted from 1, bytes.
    borrowing func bind(_ position: Int32, _ value: [UInt8]) throws(LedgerStoreError) {
        // No bytes are a value too, but a null pointer would be NULL.
        if value.isEmpty { return try check(unsafe sqlite3_bind_zeroblob(pointer, position, 0)) }
        let code = unsafe value.withUnsafeBytes {
            unsafe sqlite3_bind_blob64(
                pointer, position, $0.baseAddress, UInt64($0.count), Self.copied)
        }
        try check(code)
    }

    /// Goes to the next row and says whether there is one; after the last, it can be bound again.
    borrowing func step() throws(LedgerStoreError) -> Bool {
        let code = unsafe sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        let error =
            code == SQLITE_DONE
            ? nil
            : unsafe LedgerStoreError(
                code: code, handle: sqlite3_db_handle(pointer), path: path)
        _ = unsafe sqlite3_reset(pointer)
        if let error { throw error }
        return false
    }

    /// Leaves the rows that were not asked for and makes ready to be bound again.
    borrowing func reset() {
        _ = unsafe sqlite3_reset(pointer)
    }

    /// Whether the column of this row, counted from 0, has no value.
    borrowing func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL
    }

    /// The column of this row, counted from 0, as a number.
    borrowing func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(pointer, column)
    }

    /// The column of this row, counted from 0, as text.
    borrowing func text(_ column: Int32) -> String {
        unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The column of this row, counted from 0, as bytes.
    borrowing func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The column of this row, counted from 0, as a digest; nil where it has another length.
    borrowing func digest(_ column: Int32) -> SHA256Digest? {
        unsafe withBytes(column) { unsafe SHA256Digest(copying: $0) }
    }

    /// What `body` makes of the bytes of the column of this row, counted from 0, where they are.
    borrowing func withBytes<Result, Failure>(
        _ column: Int32, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The pointer comes first: SQLite may change its mind about the count.
        let start = unsafe sqlite3_column_blob(pointer, column)
        let count = Int(unsafe sqlite3_column_bytes(pointer, column))
        return try unsafe body(
            UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private borrowing func check(_ code: Int32) throws(LedgerStoreError) {
        guard code == SQLITE_OK else {
            throw unsafe LedgerStoreError(
                code: code, handle: sqlite3_db_handle(pointer), path: path)
        }
    }

    /// `SQLITE_TRANSIENT`, a cast that does not come over from C: SQLite makes its own copy.
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}

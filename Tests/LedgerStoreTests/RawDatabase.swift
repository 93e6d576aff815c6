// SPDX-License-Identifier: Apache-2.0
import CSQLite
import CZstd

/// A connection as any other SQLite program would open it, for tampering.
///
/// Its SQL has `packed(text)` and `unpacked(frame)`, which are zstd with the dictionary of the ledger.
final class RawDatabase {
    private let handle: OpaquePointer

    struct Failure: Error, Equatable, CustomStringConvertible {
        let code: Int32
        let description: String
    }

    init(_ path: String) throws {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            throw Failure(code: code, description: "open")
        }
        self.handle = handle
        register("packed") { text, dictionary in
            var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(text.count))
            let context = ZSTD_createCCtx()
            defer { ZSTD_freeCCtx(context) }
            let count = ZSTD_compress_usingDict(
                context, &frame, frame.count, text, text.count, dictionary, dictionary.count, 3)
            return Array(frame.prefix(count))
        }
        register("unpacked") { frame, dictionary in
            var text = [UInt8](repeating: 0, count: 1 << 16)
            let context = ZSTD_createDCtx()
            defer { ZSTD_freeDCtx(context) }
            let count = ZSTD_decompress_usingDict(
                context, &text, text.count, frame, frame.count, dictionary, dictionary.count)
            return Array(text.prefix(count))
        }
    }

    /// What a function of a text or frame and a dictionary is handed to SQLite in.
    private final class Function {
        let body: ([UInt8], [UInt8]) -> [UInt8]

        init(_ body: @escaping ([UInt8], [UInt8]) -> [UInt8]) { self.body = body }
    }

    private func register(_ name: String, _ body: @escaping ([UInt8], [UInt8]) -> [UInt8]) {
        sqlite3_create_function_v2(
            handle, name, 1, SQLITE_UTF8, Unmanaged.passRetained(Function(body)).toOpaque(),
            { context, _, values in
                guard let context, let values, let data = sqlite3_user_data(context) else { return }
                let function = Unmanaged<Function>.fromOpaque(data).takeUnretainedValue()
                var dictionary: [UInt8] = []
                var statement: OpaquePointer?
                sqlite3_prepare_v2(
                    sqlite3_context_db_handle(context), "SELECT bytes FROM dictionary", -1,
                    &statement, nil)
                if sqlite3_step(statement) == SQLITE_ROW {
                    dictionary = Array(
                        UnsafeRawBufferPointer(
                            start: sqlite3_column_blob(statement, 0),
                            count: Int(sqlite3_column_bytes(statement, 0))))
                }
                sqlite3_finalize(statement)
                let given = Array(
                    UnsafeRawBufferPointer(
                        start: sqlite3_value_blob(values[0]),
                        count: Int(sqlite3_value_bytes(values[0]))))
                let made = function.body(given, dictionary)
                let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                sqlite3_result_blob(context, made, Int32(made.count), copied)
            }, nil, nil,
            { data in data.map { Unmanaged<Function>.fromOpaque($0).release() } })
    }

    deinit { sqlite3_close_v2(handle) }

    func execute(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw Failure(code: code, description: String(cString: sqlite3_errmsg(handle)))
        }
    }

    /// The rows of a query, their columns as text.
    func rows(_ sql: String) throws -> [[String]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw Failure(code: 1, description: String(cString: sqlite3_errmsg(handle)))
        }
        defer { sqlite3_finalize(statement) }
        var rows: [[String]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(statement)).map {
                    sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "NULL"
                })
        }
        return rows
    }

    /// Runs `sql` without the triggers of `table`, and puts them back word for word.
    static func tamper(_ path: String, _ table: String, _ sql: String) throws {
        let database = try RawDatabase(path)
        let triggers = try database.rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '\(table)'")
        for trigger in triggers { try database.execute("DROP TRIGGER \(trigger[0])") }
        try database.execute(sql)
        for trigger in triggers { try database.execute(trigger[1]) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CSQLite

/// A connection as any other SQLite program would open it, for tampering.
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

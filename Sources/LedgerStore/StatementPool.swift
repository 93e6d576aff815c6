// SPDX-License-Identifier: Apache-2.0
import CSQLite

/// The compiled statements of one connection that nobody uses just now.
///
/// To compile a statement takes longer than to find a row by it.
@safe final class StatementPool {
    /// How many of one text are kept: more are seldom used at once.
    private static let limit = 4

    private var idle: [String: [OpaquePointer]] = unsafe [:]
    private var isClosed = false

    /// Takes out a statement of this text, ready to be bound; nil where there is none.
    func take(_ sql: String) -> OpaquePointer? { unsafe idle[sql]?.popLast() }

    /// Puts a statement back, or ends it.
    func put(_ statement: OpaquePointer, _ sql: String) {
        // What a setting answers is compiled into the statement that asks for it.
        let isKept =
            unsafe !isClosed && !sql.hasPrefix("PRAGMA")
            && idle[sql, default: []].count < Self.limit
        guard isKept else {
            _ = unsafe sqlite3_finalize(statement)
            return
        }
        _ = unsafe sqlite3_reset(statement)
        _ = unsafe sqlite3_clear_bindings(statement)
        unsafe idle[sql, default: []].append(statement)
    }

    /// Ends all statements, now and as they are put back: the connection ends.
    func close() {
        isClosed = true
        var rest = unsafe idle.values.flatMap { unsafe $0 }
        while let statement = unsafe rest.popLast() { _ = unsafe sqlite3_finalize(statement) }
        unsafe idle = [:]
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// The way of handles into their tables.
///
/// Most values are digests, which come in no order: in one large table, each would have a page of its
/// own to be written. So handles go into a small table; what is too much for it moves on to a larger
/// one, sorted, so that a page that is written takes many of them. What comes in order, or
/// nearly so, goes where it stays.
struct HandleInsertion: ~Copyable {
    /// The most rows that a table keeps, the newest first; the last one takes all others.
    private static let limits: [Int64] = [8_192, 131_072, 2_097_152]

    private let newest: Statement
    private let last: Statement

    /// Compiles the statements once for many.
    init(_ database: borrowing Database) throws(LedgerStoreError) {
        let newest = try Self.insertion(LedgerSchema.handleLevels[0], database)
        last = try Self.insertion(LedgerSchema.lastHandleLevel, database)
        self.newest = newest
    }

    private static func insertion(
        _ table: String, _ database: borrowing Database
    ) throws(LedgerStoreError) -> Statement {
        try database.prepare("INSERT OR IGNORE INTO \(table) (name, value, idx) VALUES (?, ?, ?)")
    }

    /// Adds the handles of one entry; a handle that it has twice is there once.
    func add(_ handles: [LedgerHandle], leadingTo index: UInt64) throws(LedgerStoreError) {
        for handle in handles {
            let row = StoredHandle(handle)
            if handle.name.isOrdered {
                try add(row, Int64(clamping: index), last)
            } else {
                try add(row, Int64(clamping: index), newest)
            }
        }
    }

    /// Adds what leads to the content in a row of its table.
    func add(_ content: SHA256Digest, leadingTo row: Int64) throws(LedgerStoreError) {
        try add(StoredHandle(content: content), row, newest)
    }

    private func add(
        _ handle: StoredHandle, _ index: Int64, _ statement: borrowing Statement
    ) throws(LedgerStoreError) {
        try statement.bind(1, handle.name)
        try statement.bind(2, handle.value)
        try statement.bind(3, index)
        _ = try statement.step()
    }

    /// Moves on what is too much for a table, within the transaction that added it.
    static func settle(_ database: borrowing Database) throws(LedgerStoreError) {
        let levels = LedgerSchema.handleLevels
        for (limit, (level, next)) in zip(limits, zip(levels, levels.dropFirst())) {
            let count = try database.integer("SELECT count(*) FROM \(level)") ?? 0
            guard count > limit else { return }
            try database.execute(
                """
                INSERT OR IGNORE INTO \(next) SELECT name, value, idx FROM \(level)
                ORDER BY name, value, idx;
                DELETE FROM \(level)
                """)
        }
    }
}

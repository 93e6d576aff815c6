// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// The statement that looks contents up, compiled once for many.
struct ContentRows: ~Copyable {
    /// Stands on the row that was found last.
    let statement: Statement

    /// Compiles it for these columns.
    init(_ database: borrowing Database, _ columns: String) throws(LedgerStoreError) {
        let levels = LedgerSchema.handleLevels.map { level in
            """
            SELECT \(columns) FROM \(level) JOIN content ON id = idx
            WHERE name = \(StoredHandle.contentName) AND value = ?1 AND sha256 = ?2
            """
        }
        statement = try database.prepare(levels.joined(separator: "\nUNION ALL "))
    }

    /// Goes to the content of this digest, and says whether there is one.
    func find(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool {
        try statement.bind(1, StoredHandle(content: digest).value)
        try statement.bind(2, digest.bytes)
        return try statement.step()
    }
}

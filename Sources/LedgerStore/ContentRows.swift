// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// The statement that looks contents up, compiled once for many.
struct ContentRows: ~Copyable {
    /// Stands on the row that was found last.
    let statement: Statement

    /// Compiles it for these columns.
    init(_ database: borrowing Database, _ columns: String) throws(LedgerStoreError) {
        statement = try database.prepare(
            """
            SELECT \(columns) FROM content
            WHERE id IN (SELECT idx FROM handle WHERE name = \(StoredHandle.contentName) AND value = ?)
            AND sha256 = ?
            """)
    }

    /// Goes to the content of this digest, and says whether there is one.
    func find(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool {
        try statement.bind(1, StoredHandle(content: digest).value)
        try statement.bind(2, digest.bytes)
        return try statement.step()
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// The statements that add contents, compiled once for many, within one transaction.
struct ContentInsertion: ~Copyable {
    private let known: ContentRows
    private let statement: Statement
    private var last: Int64

    /// Looks where the last content is.
    init(_ database: borrowing Database) throws(LedgerStoreError) {
        let last = try database.integer("SELECT max(id) FROM content") ?? 0
        let known = try ContentRows(database, "1")
        statement = try database.prepare("INSERT INTO content (id, sha256, bytes) VALUES (?, ?, ?)")
        self.known = known
        self.last = last
    }

    /// Whether the ledger keeps a content already.
    func knows(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool {
        defer { known.statement.reset() }
        return try known.find(digest)
    }

    /// Adds a content's packed bytes, and says in which row.
    ///
    /// Behind the largest number, where only other tools can have put a row, the table refuses it.
    mutating func insert(
        _ digest: SHA256Digest, _ bytes: [UInt8]
    ) throws(LedgerStoreError) -> Int64 {
        last &+= 1
        try statement.bind(1, last)
        try statement.bind(2, digest.bytes)
        try statement.bind(3, bytes)
        _ = try statement.step()
        return last
    }
}

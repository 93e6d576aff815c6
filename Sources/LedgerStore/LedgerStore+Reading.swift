// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import SSHCrypto

extension LedgerStore {
    /// The entry at `index`.
    ///
    /// - Throws: `LedgerStoreError` where there is none, where it is missing among the others, or where
    ///   it is not what its row says.
    public func entry(at index: UInt64) throws(LedgerStoreError) -> LedgerEntry {
        guard let row = Int64(exactly: index) else { throw .noEntry(index: index, size: size) }
        let statement = try database.prepare(
            "SELECT idx, kind, time, leaf, text FROM entry WHERE idx = ?")
        try statement.bind(1, row)
        guard try statement.step() else {
            guard index >= size else { throw .damagedEntry(index: index, reason: "it is missing") }
            throw .noEntry(index: index, size: size)
        }
        return try EntryRow(statement, packing).soundEntry()
    }

    /// Hands over the entries from `index` on, one after the other, as far as there are any now, or to
    /// `last`.
    ///
    /// One entry is in memory at a time. What `body` appends is not handed over.
    ///
    /// - Throws: What `body` throws, or `LedgerStoreError`.
    public func forEach(
        from index: UInt64, through last: UInt64 = .max, _ body: (LedgerEntry) throws -> Void
    ) throws {
        let statement = try database.prepare(
            """
            SELECT idx, kind, time, leaf, text FROM entry
            WHERE idx BETWEEN ?1 AND min(?2, (SELECT max(idx) FROM entry)) ORDER BY idx
            """)
        try statement.bind(1, Int64(clamping: index))
        try statement.bind(2, Int64(clamping: last))
        var expected = index
        while try statement.step() {
            let entry = try EntryRow(statement, packing).soundEntry()
            guard entry.index == expected else {
                throw LedgerStoreError.damagedEntry(index: expected, reason: "it is missing")
            }
            try body(entry)
            expected += 1
        }
    }

    /// The bytes that an entry names by `digest`, or nil where the ledger does not keep them.
    ///
    /// - Throws: `LedgerStoreError`, where they have another digest among others.
    public func content(_ digest: SHA256Digest) throws(LedgerStoreError) -> [UInt8]? {
        let rows = try ContentRows(database, "bytes")
        guard try rows.find(digest) else { return nil }
        return try unpackedContent(rows.statement, 0, digest)
    }

    /// Hands over all contents, in the order in which they were added, one at a time.
    ///
    /// - Throws: What `body` throws, or `LedgerStoreError`, where one has another digest among others.
    public func forEachContent(_ body: (SHA256Digest, [UInt8]) throws -> Void) throws {
        let rows = try database.prepare("SELECT sha256, bytes FROM content ORDER BY id")
        while try rows.step() {
            guard let name = SHA256Digest(bytes: rows.bytes(0)) else {
                throw LedgerStoreError.corrupt(path: path, reason: "a content has no digest")
            }
            try body(name, unpackedContent(rows, 1, name))
        }
    }

    private func unpackedContent(
        _ row: borrowing Statement, _ column: Int32, _ digest: SHA256Digest
    ) throws(LedgerStoreError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(TextPacking.Failure) {
            bytes = try packing.unpack(row, column, atMost: Content.maximumBytes)
        } catch {
            throw .damagedContent(digest, reason: error.reason)
        }
        guard SHA256Digest(hashing: bytes) == digest else {
            throw .damagedContent(digest, reason: LedgerFault.otherDigest)
        }
        return bytes
    }

    /// Runs `body` with all that it reads out of one state of the file; what others append meanwhile is
    /// not there, and no lock is taken for each thing that is read.
    ///
    /// - Throws: What `body` throws, or `LedgerStoreError`.
    public func readingAtOnce<Result>(_ body: () throws -> Result) throws -> Result {
        try database.execute("BEGIN")
        defer { database.rollBack() }
        let result = try body()
        try requireStill()
        return result
    }

    /// Runs `body` on one state of the ledger, the one that it has now, whatever others append.
    ///
    /// - Throws: What `body` throws, or `LedgerStoreError`.
    public func holdingStill<Result>(_ body: () throws -> Result) throws -> Result {
        try database.execute("BEGIN")
        defer { database.rollBack() }
        state = try currentState()
        return try body()
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Ledger
import SSHCrypto

extension LedgerStore {
    /// The indices of the entries that may have this handle, in ascending order.
    ///
    /// Entries with another value that shares its 64 bits are among them: the caller compares what it
    /// finds with what it asked for.
    ///
    /// - Throws: `LedgerStoreError`.
    public func find(_ handle: LedgerHandle) throws(LedgerStoreError) -> [UInt64] {
        let statement = try database.prepare(
            "SELECT idx FROM handle WHERE name = ? AND value = ? AND idx BETWEEN 0 AND ?")
        let stored = StoredHandle(handle)
        try statement.bind(1, stored.name)
        try statement.bind(2, stored.value)
        try statement.bind(3, lastIndex)
        var found: [UInt64] = []
        while try statement.step() { found.append(UInt64(clamping: statement.integer(0))) }
        // With another program a row can get into two tables.
        return Set(found).sorted()
    }

    /// How many entries may have this handle, `limit` where there are as many or more.
    ///
    /// - Throws: `LedgerStoreError`.
    public func count(_ handle: LedgerHandle, atMost limit: Int) throws(LedgerStoreError) -> Int {
        let statement = try database.prepare(
            """
            SELECT count(*) FROM
                (SELECT 1 FROM handle WHERE name = ? AND value = ? AND idx BETWEEN 0 AND ? LIMIT ?)
            """)
        let stored = StoredHandle(handle)
        try statement.bind(1, stored.name)
        try statement.bind(2, stored.value)
        try statement.bind(3, lastIndex)
        try statement.bind(4, Int64(clamping: limit))
        return try statement.step() ? Int(clamping: statement.integer(0)) : 0
    }

    /// The indices of the entries whose digest of this name may begin so, in the order of the digests.
    ///
    /// The first 16 digits count: the caller compares what it finds with what it asked for. Nothing is
    /// found by what is not lower-case hexadecimal digits.
    ///
    /// - Throws: `LedgerStoreError`.
    public func find(
        _ name: LedgerHandle.Name, beginning digits: String
    ) throws(LedgerStoreError) -> [UInt64] {
        guard let values = LedgerHandle.values(beginning: digits), !name.isNumber else { return [] }
        let statement = try range(name, values)
        var found: [UInt64] = []
        var last: (value: Int64, index: Int64)?
        while try statement.step() {
            let row = (value: statement.integer(0), index: statement.integer(1))
            if let last, last == row { continue }
            found.append(UInt64(clamping: row.index))
            last = row
        }
        return found
    }

    /// Hands over the numbers of this name within a range, in ascending order, each with the index of an
    /// entry that may have it, one at a time and as long as `body` says to go on.
    ///
    /// Numbers from 2^63 on are handed over as 2^63 - 1. What is appended meanwhile is not
    /// handed over.
    ///
    /// - Throws: What `body` throws, or `LedgerStoreError`.
    public func forEach(
        _ name: LedgerHandle.Name, in range: ClosedRange<UInt64>,
        _ body: (_ number: UInt64, _ index: UInt64) throws -> Bool
    ) throws {
        guard name.isNumber else { return }
        let values = Int64(clamping: range.lowerBound)...Int64(clamping: range.upperBound)
        let statement = try self.range(name, values)
        var last: (Int64, Int64)?
        while try statement.step() {
            let (number, index) = (statement.integer(0), statement.integer(1))
            if let last, last == (number, index) { continue }
            last = (number, index)
            guard try body(UInt64(clamping: number), UInt64(clamping: index)) else { return }
        }
    }

    private func range(
        _ name: LedgerHandle.Name, _ values: ClosedRange<Int64>
    ) throws(LedgerStoreError) -> Statement {
        let statement = try database.prepare(
            """
            SELECT value, idx FROM handle
            WHERE name = ? AND value BETWEEN ? AND ? AND idx BETWEEN 0 AND ? ORDER BY value, idx
            """)
        try statement.bind(1, name.rawValue)
        try statement.bind(2, values.lowerBound)
        try statement.bind(3, values.upperBound)
        try statement.bind(4, lastIndex)
        return statement
    }

    /// The last entry that is there for this connection, -1 where there is none.
    ///
    /// What another one appended since it looked is the business of the next who opens.
    private var lastIndex: Int64 { Int64(clamping: size) - 1 }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// The contents of a ledger that have been read, what is wrong with them, and what should lead to them.
struct CheckedContents {
    /// The contents that are wrong.
    private(set) var faults: [LedgerFault] = []
    private var rows = EntrySet()
    private var lookUps = HandleSum()

    /// Takes rows that were read for the entries that name them, with what leads to them; nothing is
    /// wrong with these.
    mutating func take(_ read: [(row: Int64, lookUp: StoredHandle)]) {
        for (row, lookUp) in read {
            guard let place = UInt64(exactly: row), rows.insert(place) else { continue }
            lookUps.add(lookUp, index: place)
        }
    }

    /// Reads all others: those that no entry names, and those that are not as they should be.
    mutating func checkRest(of store: LedgerStore) throws(LedgerStoreError) {
        do throws(LedgerStoreError) {
            guard let first = try store.database.integer("SELECT min(id) FROM content"),
                let last = try store.database.integer("SELECT max(id) FROM content")
            else { return }
            let statement = try store.database.prepare(
                "SELECT sha256, bytes, id FROM content WHERE id BETWEEN ? AND ? ORDER BY id")
            for range in unread(from: first, through: last) {
                // What cannot be read does not hide what stands behind it.
                do throws(LedgerStoreError) {
                    try check(range, statement, store.packing)
                } catch .corrupt(_, let reason) {
                    faults.append(.database(reason))
                }
            }
        } catch .corrupt(_, let reason) {
            faults.append(.database(reason))
        }
    }

    private mutating func check(
        _ range: ClosedRange<Int64>, _ rows: borrowing Statement, _ packing: TextPacking
    ) throws(LedgerStoreError) {
        try rows.bind(1, range.lowerBound)
        try rows.bind(2, range.upperBound)
        while try rows.step() {
            let name = rows.bytes(0)
            if let digest = SHA256Digest(bytes: name) {
                lookUps.add(
                    StoredHandle(content: digest), index: UInt64(clamping: rows.integer(2)))
            }
            do throws(TextPacking.Failure) {
                let bytes = try packing.unpack(rows, 1, atMost: Content.maximumBytes)
                guard SHA256Digest(hashing: bytes).bytes != name else { continue }
                faults.append(
                    .wrongContent(name: Hex.encode(name), reason: LedgerFault.otherDigest))
            } catch {
                faults.append(.wrongContent(name: Hex.encode(name), reason: error.reason))
            }
        }
    }

    /// What lies between the rows that were read.
    private func unread(from first: Int64, through last: Int64) -> [ClosedRange<Int64>] {
        var unread: [ClosedRange<Int64>] = []
        var next = first
        for range in rows.ranges {
            let (low, high) = (Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound))
            guard high >= next else { continue }
            if low > last { break }
            if next < low { unread.append(next...(low - 1)) }
            guard high < last else { return unread }
            next = high + 1
        }
        return next <= last ? unread + [next...last] : unread
    }

    /// Where what leads to contents is other than their digests say, as far as it could be read.
    func lookUpFaults(
        _ stored: ContentLookUps?, in store: LedgerStore
    ) throws(LedgerStoreError) -> [LedgerFault] {
        guard let stored else { return [] }
        do throws(LedgerStoreError) {
            return try store.repeatedContents(stored.shared)
                + (stored.sum == lookUps ? [] : store.lookUpFaults())
        } catch .corrupt(_, let reason) {
            return [.database(reason)]
        }
    }
}

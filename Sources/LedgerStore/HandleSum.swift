// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// The sum of keyed hashes of handles: as good as the same where the same handles went into it, in
/// whatever order.
///
/// The key is drawn at random by each process, so that nobody can choose handles that cancel out.
struct HandleSum: Hashable, Sendable {
    private var count = 0
    private var sum: UInt64 = 0

    /// Adds a handle that leads to `index`.
    mutating func add(_ handle: StoredHandle, index: UInt64) {
        var hasher = Hasher()
        hasher.combine(handle)
        hasher.combine(index)
        sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
        count += 1
    }

    /// Adds what another sum has.
    mutating func add(_ other: HandleSum) {
        sum &+= other.sum
        count += other.count
    }

    /// The stored handles of each stretch, by its first entry; those before the first entry of all are
    /// left out.
    ///
    /// - Parameters:
    ///   - store: The ledger.
    ///   - sharing: Takes the entries that share the handle of a request with one before them.
    /// - Returns: The sums.
    /// - Throws: `LedgerStoreError` where the table cannot be read.
    static func stored(
        in store: LedgerStore, sharingRequests sharing: inout [UInt64]
    ) throws(LedgerStoreError) -> [UInt64: HandleSum] {
        var sums: [UInt64: HandleSum] = [:]
        let rows = try store.database.prepare(
            """
            SELECT name, value, idx FROM handle
            WHERE name > \(StoredHandle.contentName) ORDER BY name, value, idx
            """)
        var last: StoredHandle?
        while try rows.step() {
            guard let index = UInt64(exactly: rows.integer(2)) else { continue }
            let handle = StoredHandle(rows)
            sums[index & ~(EntryStretch.width - 1), default: HandleSum()]
                .add(handle, index: index)
            if handle == last, handle.name == LedgerHandle.Name.request.rawValue {
                sharing.append(index)
            }
            last = handle
        }
        return sums
    }
}

extension LedgerStore {
    /// How the stored handles of a stretch differ from those that its entries have, where it is known
    /// what these are.
    func handleFaults(
        in stretch: EntryStretch, _ inspect: Inspection
    ) throws(LedgerStoreError) -> [LedgerFault] {
        let entries = try database.prepare(
            "SELECT idx, kind, time, leaf, text FROM entry WHERE idx BETWEEN ? AND ? ORDER BY idx")
        let handles = try database.prepare(
            """
            SELECT name, value, idx FROM handle WHERE idx BETWEEN ? AND ?
            AND name > \(StoredHandle.contentName) ORDER BY idx, name, value
            """)
        try entries.bind(1, Int64(clamping: stretch.first))
        try entries.bind(2, Int64(clamping: stretch.last))
        try handles.bind(1, Int64(clamping: stretch.first))
        try handles.bind(2, Int64(clamping: stretch.last))
        /// A handle of an entry, to be compared.
        struct Place: Hashable {
            let handle: StoredHandle
            let index: UInt64
        }
        var expected: [Place: LedgerHandle] = [:]
        var unknown: Set<UInt64> = []
        var faults: [LedgerFault] = []
        while try entries.step() {
            let entry = try EntryRow(entries, packing).soundEntry()
            guard let known = inspect(entry, contentOrNil).handles else {
                unknown.insert(entry.index)
                continue
            }
            for handle in known {
                expected[Place(handle: StoredHandle(handle), index: entry.index)] = handle
            }
        }
        while try handles.step() {
            let index = UInt64(clamping: handles.integer(2))
            guard !unknown.contains(index) else { continue }
            let handle = StoredHandle(handles)
            if expected.removeValue(forKey: Place(handle: handle, index: index)) == nil {
                faults.append(.wrongHandle(handle, entry: index))
            }
        }
        let missing = expected.sorted {
            ($0.key.index, $0.key.handle) < ($1.key.index, $1.key.handle)
        }
        return faults + missing.map { .missingHandle($0.value, entry: $0.key.index) }
    }

    /// The bytes of a content, as they are; nil where there are none that can be read.
    func contentOrNil(_ digest: SHA256Digest) -> [UInt8]? {
        (try? content(digest)) ?? nil
    }
}

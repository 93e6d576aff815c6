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
    mutating func add(name: [UInt8], value: [UInt8], index: UInt64) {
        var hasher = Hasher()
        hasher.combine(name)
        hasher.combine(value)
        hasher.combine(index)
        sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
        count += 1
    }

    /// The stored handles of each stretch, by its first entry; those before the first entry of all are
    /// left out.
    static func stored(
        in store: LedgerStore
    ) throws(LedgerStoreError) -> [UInt64: HandleSum] {
        var sums: [UInt64: HandleSum] = [:]
        let rows = try store.database.prepare("SELECT name, value, idx FROM handle")
        while try rows.step() {
            guard let index = UInt64(exactly: rows.integer(2)) else { continue }
            sums[index & ~(EntryStretch.width - 1), default: HandleSum()]
                .add(name: rows.bytes(0), value: rows.bytes(1), index: index)
        }
        return sums
    }
}

/// A handle, to be compared.
struct StoredHandle: Hashable {
    let name: String
    let value: String
    let index: UInt64
}

extension LedgerStore {
    /// How the stored handles of a stretch differ from those that its entries have.
    func handleFaults(
        in stretch: EntryStretch, _ inspect: Inspection
    ) throws(LedgerStoreError) -> [LedgerFault] {
        let entries = try database.prepare(
            "SELECT idx, kind, time, leaf, text FROM entry WHERE idx BETWEEN ? AND ? ORDER BY idx")
        let handles = try database.prepare(
            "SELECT name, value, idx FROM handle WHERE idx BETWEEN ? AND ? ORDER BY idx, name, value"
        )
        try entries.bind(1, Int64(clamping: stretch.first))
        try entries.bind(2, Int64(clamping: stretch.last))
        try handles.bind(1, Int64(clamping: stretch.first))
        try handles.bind(2, Int64(clamping: stretch.last))
        var expected: Set<StoredHandle> = []
        var faults: [LedgerFault] = []
        while try entries.step() {
            let entry = try EntryRow(entries).soundEntry()
            for handle in inspect(entry, contentOrNil).handles ?? [] {
                expected.insert(
                    StoredHandle(name: handle.name, value: handle.value, index: entry.index))
            }
        }
        while try handles.step() {
            let index = handles.integer(2)
            let handle = StoredHandle(
                name: handles.text(0), value: handles.text(1), index: UInt64(clamping: index))
            if expected.remove(handle) == nil {
                faults.append(
                    .wrongHandle(name: handle.name, value: handle.value, entry: handle.index))
            }
        }
        let missing = expected.sorted {
            ($0.index, $0.name, $0.value) < ($1.index, $1.name, $1.value)
        }
        return faults
            + missing.map { .missingHandle(name: $0.name, value: $0.value, entry: $0.index) }
    }

    /// The bytes of a content, as they are; nil where there are none that can be read.
    func contentOrNil(_ digest: SHA256Digest) -> [UInt8]? {
        (try? content(digest)) ?? nil
    }
}

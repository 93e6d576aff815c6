// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// One connection that looks through parts of a ledger, one after the other.
///
/// It reads in a transaction of its own, which may see more than the one that planned the work: a
/// ledger only grows, and what was appended since is not looked at.
final class LedgerInspector {
    private let store: LedgerStore
    private let contents: StoredContents
    private let inspect: LedgerStore.Inspection
    private let follows: Bool

    /// Connects to the ledger; what `inspect` leaves to be followed is kept where somebody follows.
    init(
        path: String, inspect: @escaping LedgerStore.Inspection, follows: Bool
    ) throws(LedgerStoreError) {
        store = try LedgerStore(connecting: path, mode: .readOnly)
        self.inspect = inspect
        self.follows = follows
        contents = try StoredContents(store)
        try store.database.execute("BEGIN")
    }

    /// Looks through a stretch of entries, and the contents that they name.
    func findings(
        in stretch: EntryStretch, upTo last: UInt64
    ) throws(LedgerStoreError) -> StretchFindings {
        var findings = StretchFindings()
        try findings.catchCorruption { found throws(LedgerStoreError) in
            try self.check(stretch, upTo: last, into: &found)
        }
        findings.contents = contents.takeRead()
        return findings
    }

    // MARK: Entries

    private func check(
        _ stretch: EntryStretch, upTo last: UInt64,
        into found: inout StretchFindings
    ) throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            "SELECT idx, kind, time, leaf, text FROM entry WHERE idx BETWEEN ? AND ? ORDER BY idx")
        try rows.bind(1, Int64(clamping: stretch.first))
        try rows.bind(2, Int64(clamping: min(stretch.last, last)))
        var tree = MerkleFrontier()
        var levels = [[SHA256Digest]](repeating: [], count: EntryStretch.level + 1)
        while try rows.step() {
            let row = EntryRow(rows, store.packing)
            guard let index = UInt64(exactly: row.index) else { continue }
            let expected = found.entries.map { $0.upperBound + 1 } ?? stretch.first
            if index > expected {
                // What is missing at the beginning is told together with what is missing before.
                if found.entries != nil {
                    found.faults.append(.missing(first: expected, last: index - 1))
                }
                found.isBroken = true
            }
            found.entries = (found.entries?.lowerBound ?? index)...index
            guard let text = found.text(of: row, at: index) else { continue }
            let leaf = MerkleTree.leafHash(of: text)
            try check(row, text, at: index, leaf, into: &found)
            guard !found.isBroken else { continue }
            for completed in tree.append(leaf) {
                levels[completed.node.level].append(completed.hash)
            }
        }
        try compareNodes(levels, of: stretch, into: &found)
        guard !found.isBroken else { return }
        found.isComplete = !levels[EntryStretch.level].isEmpty
        found.subtrees = found.isComplete ? levels[EntryStretch.level] : levels[0]
    }

    private func check(
        _ row: EntryRow, _ text: [UInt8], at index: UInt64, _ leaf: SHA256Digest,
        into found: inout StretchFindings
    ) throws(LedgerStoreError) {
        let entry: LedgerEntry
        do throws(Violations) {
            entry = try LedgerEntry(parsing: text)
        } catch {
            found.faults.append(.unreadable(entry: index, reason: LedgerFault.summary(error)))
            return
        }
        found.faults += row.faults(of: entry, leaf: leaf)
        if let last = found.times?.last.time, entry.time < last {
            found.faults.append(.timeBeforeLast(entry: index, time: entry.time, last: last))
        }
        let stamped = StretchFindings.StampedEntry(index: index, time: entry.time)
        found.times = (found.times?.first ?? stamped, stamped)
        // What was handed over was found, and has the digest that it should have.
        var seen: [SHA256Digest] = []
        let inspection = inspect(entry) { digest in
            let content = contents.bytes(digest)
            if content != nil { seen.append(digest) }
            return content
        }
        if let handles = inspection.handles {
            var sum = found.handles ?? HandleSum()
            let rows = handles.map { StoredHandle($0) }
            for (place, row) in rows.enumerated() where !rows[..<place].contains(row) {
                sum.add(row, index: index)
            }
            found.handles = sum
        }
        for digest in inspection.contents where !seen.contains(digest) {
            if contents.bytes(digest) == nil, try !contents.has(digest) {
                found.faults.append(.missingContent(entry: index, digest))
            }
        }
        found.faults += inspection.faults.map { .wrongRecord(entry: index, reason: $0) }
        if follows { found.sequels.append(inspection.sequel) }
        found.signatures += inspection.signatures
        found.certificates += inspection.certificates
    }

    /// Compares the stored nodes above the entries of a stretch with what the texts give.
    private func compareNodes(
        _ levels: [[SHA256Digest]], of stretch: EntryStretch, into found: inout StretchFindings
    ) throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            """
            SELECT position, hash FROM node
            WHERE level = ? AND position BETWEEN ? AND ? ORDER BY position
            """)
        for (level, hashes) in levels.enumerated().dropFirst() where !hashes.isEmpty {
            let first = stretch.first >> UInt64(level)
            try rows.bind(1, Int64(level))
            try rows.bind(2, Int64(clamping: first))
            try rows.bind(3, Int64(clamping: first + UInt64(hashes.count - 1)))
            var place = 0
            while try rows.step() {
                let stored = UInt64(clamping: rows.integer(0))
                while place < hashes.count, first + UInt64(place) < stored {
                    found.missNode(level, first + UInt64(place))
                    place += 1
                }
                guard place < hashes.count, first + UInt64(place) == stored else { continue }
                if rows.digest(1) != hashes[place] {
                    found.faults.append(.wrongNode(MerkleNode(level: level, position: stored)))
                }
                place += 1
            }
            for missing in place..<max(place, hashes.count) {
                found.missNode(level, first + UInt64(missing))
            }
        }
    }
}

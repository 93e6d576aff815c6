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
    private let inspect: LedgerStore.Inspection
    private let follows: Bool

    /// Connects to the ledger; what `inspect` leaves to be followed is kept where somebody follows.
    init(
        path: String, inspect: @escaping LedgerStore.Inspection, follows: Bool
    ) throws(LedgerStoreError) {
        store = try LedgerStore(connecting: path, mode: .readOnly)
        self.inspect = inspect
        self.follows = follows
        try store.database.execute("BEGIN")
    }

    /// Looks through one part of the work.
    func findings(of part: VerificationPlan.Part) throws(LedgerStoreError) -> PartFindings {
        var findings = PartFindings()
        let contents = try StoredContents(store)
        if let stretch = part.stretch {
            findings.stretch = StretchFindings()
            try findings.stretch?.catchCorruption { found throws(LedgerStoreError) in
                try self.check(stretch, upTo: part.lastEntry, contents, into: &found)
            }
        }
        findings.lookUps = contents.lookUps(in: part.contents)
        do throws(LedgerStoreError) {
            for range in contents.unread(in: part.contents) {
                try checkContents(range, into: &findings)
            }
        } catch .corrupt(_, let reason) {
            findings.contentFaults.append(.database(reason))
        }
        return findings
    }

    // MARK: Entries

    private func check(
        _ stretch: EntryStretch, upTo last: UInt64, _ contents: StoredContents,
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
            try check(row, text, at: index, leaf, contents, into: &found)
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
        _ contents: StoredContents, into found: inout StretchFindings
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
            if try !contents.has(digest) {
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
                if rows.bytes(1) != hashes[place].bytes {
                    found.faults.append(.wrongNode(MerkleNode(level: level, position: stored)))
                }
                place += 1
            }
            for missing in place..<max(place, hashes.count) {
                found.missNode(level, first + UInt64(missing))
            }
        }
    }

    // MARK: Contents

    private func checkContents(
        _ range: ClosedRange<Int64>, into findings: inout PartFindings
    ) throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            "SELECT sha256, bytes, id FROM content WHERE id BETWEEN ? AND ? ORDER BY id")
        try rows.bind(1, range.lowerBound)
        try rows.bind(2, range.upperBound)
        while try rows.step() {
            let name = rows.bytes(0)
            if let digest = SHA256Digest(bytes: name) {
                findings.lookUps.add(
                    StoredHandle(content: digest), index: UInt64(clamping: rows.integer(2)))
            }
            do throws(TextPacking.Failure) {
                let bytes = try store.packing.unpack(rows, 1, atMost: Content.maximumBytes)
                guard SHA256Digest(hashing: bytes).bytes != name else { continue }
                findings.contentFaults.append(
                    .wrongContent(name: Hex.encode(name), reason: LedgerFault.otherDigest))
            } catch {
                findings.contentFaults.append(
                    .wrongContent(name: Hex.encode(name), reason: error.reason))
            }
        }
    }
}

/// The contents that a ledger keeps, asked for again and again.
private final class StoredContents {
    private let known: ContentRows
    private let stored: ContentRows
    private let packing: TextPacking
    /// The rows that were read, and have the bytes that their names say, with what leads to them.
    private var read: [Int64: StoredHandle] = [:]

    init(_ store: LedgerStore) throws(LedgerStoreError) {
        known = try ContentRows(store.database, "1")
        stored = try ContentRows(store.database, "id, bytes")
        packing = store.packing
    }

    /// The bytes of a content; nil where there are none that can be read and have this digest.
    func bytes(_ digest: SHA256Digest) -> [UInt8]? {
        // Why they cannot be read is told where all contents are looked through.
        do {
            defer { stored.statement.reset() }
            guard try stored.find(digest) else { return nil }
            let bytes = try packing.unpack(stored.statement, 1, atMost: Content.maximumBytes)
            guard SHA256Digest(hashing: bytes) == digest else { return nil }
            read[stored.statement.integer(0)] = StoredHandle(content: digest)
            return bytes
        } catch {
            return nil
        }
    }

    /// Whether the ledger keeps bytes under this name.
    func has(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool {
        defer { known.statement.reset() }
        return try known.find(digest)
    }

    /// What leads to the rows among these that were read.
    func lookUps(in range: ClosedRange<Int64>?) -> HandleSum {
        var sum = HandleSum()
        for (row, handle) in read where range?.contains(row) == true {
            sum.add(handle, index: UInt64(clamping: row))
        }
        return sum
    }

    /// The rows among these that were not read.
    func unread(in range: ClosedRange<Int64>?) -> [ClosedRange<Int64>] {
        guard let range else { return [] }
        var ranges: [ClosedRange<Int64>] = []
        var next = range.lowerBound
        for row in read.keys.sorted() where row >= next && row <= range.upperBound {
            if next < row { ranges.append(next...(row - 1)) }
            guard row < range.upperBound else { return ranges }
            next = row + 1
        }
        return ranges + [next...range.upperBound]
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// A complete subtree's worth of entries, which is looked through as one piece of work.
struct EntryStretch: Sendable {
    /// The level of the subtree over a stretch.
    static let level = 10
    /// How many entries a stretch has; the last one has fewer.
    static let width: UInt64 = 1 << 10

    /// The first entry.
    let first: UInt64

    /// The last entry of a stretch that is complete.
    var last: UInt64 { first + (Self.width - 1) }

    /// The stretches in which any rows are, in order: one after the other, but where a ledger was
    /// tampered with.
    static func all(in store: LedgerStore) throws(LedgerStoreError) -> [EntryStretch] {
        let next = try store.database.prepare(
            "SELECT idx FROM entry WHERE idx >= ? ORDER BY idx LIMIT 1")
        var found: [EntryStretch] = []
        var from: Int64 = 0
        while true {
            try next.bind(1, from)
            guard try next.step() else { return found }
            let index = UInt64(clamping: next.integer(0))
            next.reset()
            let stretch = EntryStretch(first: index & ~(width - 1))
            found.append(stretch)
            guard let after = Int64(exactly: stretch.last + 1) else { return found }
            from = after
        }
    }
}

/// What was found in one stretch of entries.
struct StretchFindings: Sendable {
    /// An entry and its time.
    struct StampedEntry: Sendable {
        let index: UInt64
        let time: UnixTime
    }

    /// Everything that is wrong in it.
    var faults: [LedgerFault] = []
    /// The entries of which there are rows, from the first to the last.
    var entries: ClosedRange<UInt64>?
    /// The first and the last entry whose text could be read.
    var times: (first: StampedEntry, last: StampedEntry)?
    /// The hash of the subtree over the stretch, or where it is not complete, of each leaf.
    var subtrees: [SHA256Digest] = []
    /// Whether the subtree is that over a whole stretch.
    var isComplete = false
    /// Whether a row is missing before the last, or could not be read.
    var isBroken = false
    /// Whether SQLite could not read on to the end.
    var isUnreadable = false
    /// The handles that the entries have; nil where the caller said nothing of any.
    var handles: HandleSum?
    /// The rows of the contents that the entries name, as far as they could be read and have the bytes
    /// that their names say, with what leads to them; one may be there twice.
    var contents: [(row: Int64, lookUp: StoredHandle)] = []
    /// What is left of the entries to be followed in order; nil for one with which that ends.
    var sequels: [(any Sendable)?] = []
    /// The number of signatures that were verified.
    var signatures = 0
    /// The number of certificates that the entries record.
    var certificates = 0

    /// Runs a step; where SQLite cannot read on, that is a fault, and what was found before stays.
    mutating func catchCorruption(
        _ step: (inout StretchFindings) throws(LedgerStoreError) -> Void
    ) throws(LedgerStoreError) {
        do throws(LedgerStoreError) {
            try step(&self)
        } catch .corrupt(_, let reason) {
            faults.append(.database(reason))
            isBroken = true
            isUnreadable = true
            subtrees = []
        }
    }

    /// The text of a row; nil, and a fault, where it cannot be unpacked.
    mutating func text(of row: EntryRow, at index: UInt64) -> [UInt8]? {
        switch row.text {
        case .success(let text): return text
        case .failure(let failure):
            faults.append(.unreadable(entry: index, reason: failure.reason))
            isBroken = true
            return nil
        }
    }

    mutating func missNode(_ level: Int, _ position: UInt64) {
        faults.append(.missingNode(MerkleNode(level: level, position: position)))
    }
}

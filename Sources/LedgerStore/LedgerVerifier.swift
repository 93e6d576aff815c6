// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// One look through a ledger, step by step, within one transaction.
struct LedgerVerifier {
    /// How many entries pass between two reports of progress.
    private static let stride: UInt64 = 1_024

    private let store: LedgerStore
    private var faults: [LedgerFault] = []
    private var size: UInt64 = 0
    /// The tree as the texts give it, as long as none is missing.
    private var tree: MerkleFrontier? = MerkleFrontier()
    private var lastTime: UnixTime?

    init(store: LedgerStore) {
        self.store = store
    }

    var result: LedgerVerification {
        LedgerVerification(size: size, root: tree?.root, faults: faults)
    }

    /// Runs one step; where SQLite cannot read on, that is a fault, and the next step may go further.
    mutating func run(
        _ step: (inout LedgerVerifier) throws(LedgerStoreError) -> Void
    ) throws(LedgerStoreError) {
        do throws(LedgerStoreError) {
            try step(&self)
        } catch .corrupt(_, let reason) {
            faults.append(.database(reason))
        }
    }

    mutating func checkDatabase() throws(LedgerStoreError) {
        let rows = try store.database.prepare("PRAGMA integrity_check")
        while try rows.step() {
            let finding = rows.text(0)
            if finding != "ok" { faults.append(.database(finding)) }
        }
    }

    mutating func checkEntries(
        _ requiredContents: (LedgerEntry) -> [SHA256Digest], _ progress: (UInt64) -> Void
    ) throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            "SELECT idx, kind, time, leaf, text FROM entry ORDER BY idx")
        while try rows.step() {
            let row = EntryRow(rows)
            guard let index = UInt64(exactly: row.index) else {
                faults.append(.strayRow(row.index))
                continue
            }
            if index > size {
                faults.append(.missing(first: size, last: index - 1))
                tree = nil
            }
            size = index + 1
            let entry: LedgerEntry?
            do throws(Violations) {
                entry = try LedgerEntry(parsing: row.text)
            } catch {
                faults.append(.unreadable(entry: index, reason: LedgerFault.summary(error)))
                entry = nil
            }
            if let entry {
                faults += row.faults(of: entry)
                checkTime(of: entry, at: index)
                for digest in requiredContents(entry) where try !store.has(digest) {
                    faults.append(.missingContent(entry: index, digest))
                }
            }
            try checkNodes(completedBy: row)
            if size.isMultiple(of: Self.stride) { progress(size) }
        }
        progress(size)
    }

    private mutating func checkTime(of entry: LedgerEntry, at index: UInt64) {
        if let lastTime, entry.time < lastTime {
            faults.append(.timeBeforeLast(entry: index, time: entry.time, last: lastTime))
        }
        lastTime = entry.time
    }

    private mutating func checkNodes(completedBy row: EntryRow) throws(LedgerStoreError) {
        let leaf = MerkleTree.leafHash(of: row.text)
        guard let completed = tree?.append(leaf) else { return }
        for subtree in completed.dropFirst() {
            guard let stored = try store.storedHash(of: subtree.node) else {
                faults.append(.missingNode(subtree.node))
                continue
            }
            if stored != subtree.hash { faults.append(.wrongNode(subtree.node)) }
        }
    }

    mutating func checkStrayNodes() throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            "SELECT level, position FROM node ORDER BY level, position")
        while try rows.step() {
            let level = rows.integer(0)
            let position = rows.integer(1)
            if let place = UInt64(exactly: position),
                MerkleNode(level: Int(level), position: place).isComplete(inSize: size), level > 0
            {
                continue
            }
            faults.append(.strayNode(level: level, position: position))
        }
    }

    mutating func checkContents() throws(LedgerStoreError) {
        let rows = try store.database.prepare("SELECT sha256, bytes FROM content ORDER BY sha256")
        while try rows.step() {
            let name = rows.bytes(0)
            if SHA256Digest(hashing: rows.bytes(1)).bytes != name {
                faults.append(.wrongContent(name: Hex.encode(name)))
            }
        }
    }

    mutating func checkHandles() throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            """
            SELECT name, value, idx FROM handle
            WHERE idx NOT IN (SELECT idx FROM entry) ORDER BY idx, name, value
            """)
        while try rows.step() {
            faults.append(
                .strayHandle(name: rows.text(0), value: rows.text(1), index: rows.integer(2)))
        }
    }
}

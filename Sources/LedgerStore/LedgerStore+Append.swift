// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
import SSHCrypto

extension RuleID {
    /// An entry is not older than the entry before it.
    public static let ledgerTime = RuleID("LEDGER-TIME")
    /// A content is within its limit of bytes.
    public static let contentSize = RuleID("CONTENT-SIZE")
    /// An entry names each of its contents by its SHA-256, so that the tree covers them.
    public static let contentNamed = RuleID("CONTENT-NAMED")
}

extension LedgerStore {
    /// Appends the entries that `drafts` become, with their contents and handles, all or none.
    ///
    /// When this returns, they are on the disk. No drafts are no transaction. Each entry is shown to
    /// `check` with its contents in place and before anything is durable; what it refuses is not
    /// appended.
    ///
    /// - Throws: `LedgerStoreError`. Nothing is appended then, but for one case: after a commit that
    ///   failed, only opening the ledger again tells, and this store appends nothing any more.
    @discardableResult
    public func append(
        _ drafts: [EntryDraft], time: UnixTime,
        check: (LedgerEntry) throws(Violations) -> Void = { (_) throws(Violations) in }
    ) throws(LedgerStoreError) -> [LedgerEntry] {
        guard mode == .readWrite else { throw .openedForReading(path: path) }
        guard !mustBeReopened else { throw .mustBeReopened(path: path) }
        guard !drafts.isEmpty else { return [] }
        try database.execute("BEGIN IMMEDIATE")
        let entries: [LedgerEntry]
        var next: State
        do throws(LedgerStoreError) {
            // Another connection may have appended since this one looked.
            let last = try database.integer("SELECT max(idx) FROM entry") ?? -1
            next = last == Int64(clamping: size) - 1 ? state : try currentState()
            entries = try insert(drafts, time: time, after: &next, check: check)
            try HandleInsertion.settle(database)
        } catch {
            database.rollBack()
            throw error
        }
        do throws(LedgerStoreError) {
            try database.execute("COMMIT")
        } catch {
            mustBeReopened = true
            database.rollBack()
            throw error
        }
        state = next
        return entries
    }

    private func insert(
        _ drafts: [EntryDraft], time: UnixTime, after state: inout State,
        check: (LedgerEntry) throws(Violations) -> Void
    ) throws(LedgerStoreError) -> [LedgerEntry] {
        let insertEntry = try database.prepare(
            "INSERT INTO entry (idx, kind, time, leaf, text) VALUES (?, ?, ?, ?, ?)")
        let insertNode = try database.prepare(
            "INSERT INTO node (level, position, hash) VALUES (?, ?, ?)")
        let insertHandles = try HandleInsertion(database)
        var contents = try ContentInsertion(database)
        var entries: [LedgerEntry] = []
        for draft in drafts {
            let entry = try makeEntry(draft, time: time, after: state)
            let index = Int64(clamping: entry.index)
            let leaf = entry.leafHash
            try insertEntry.bind(1, index)
            try insertEntry.bind(2, entry.kind.rawValue)
            try insertEntry.bind(3, entry.time.text)
            try insertEntry.bind(4, leaf.bytes)
            try insertEntry.bind(5, packed(entry.bytes))
            _ = try insertEntry.step()
            for completed in state.frontier.append(leaf).dropFirst() {
                try insertNode.bind(1, Int64(completed.node.level))
                try insertNode.bind(2, Int64(clamping: completed.node.position))
                try insertNode.bind(3, completed.hash.bytes)
                _ = try insertNode.step()
            }
            for content in draft.contents {
                if !draft.hasNewContents, try contents.knows(content.digest) { continue }
                let row = try contents.insert(content.digest, packed(content.bytes))
                try insertHandles.add(content.digest, leadingTo: row)
            }
            try insertHandles.add(draft.handles, leadingTo: entry.index)
            do throws(Violations) {
                try check(entry)
            } catch {
                throw .refused(index: entry.index, error)
            }
            state.lastTime = entry.time
            entries.append(entry)
        }
        return entries
    }

    /// The entry that `draft` becomes after `state`, with all that speaks against it.
    private func makeEntry(
        _ draft: EntryDraft, time: UnixTime, after state: State
    ) throws(LedgerStoreError) -> LedgerEntry {
        let index = state.frontier.size
        var faults: [Violation] = []
        if let last = state.lastTime, time < last {
            faults.append(
                Violation(
                    .ledgerTime, "time \(time) is before \(last), the time of the last entry"))
        }
        for content in draft.contents where content.bytes.count > Content.maximumBytes {
            faults.append(
                Violation(
                    .contentSize,
                    "content \(content.digest.hex) has \(content.bytes.count) bytes,"
                        + " more than the limit of \(Content.maximumBytes)"))
        }
        do {
            let entry = try draft.entry(index: index, time: time)
            let names = draft.contents.isEmpty ? [] : entry.namedDigests
            for content in draft.contents where !names.contains(content.digest.hex[...]) {
                faults.append(
                    Violation(
                        .contentNamed, "content \(content.digest.hex) is not named in the entry"))
            }
            if faults.isEmpty { return entry }
        } catch {
            faults += error.all
        }
        throw .refused(index: index, Violations(faults))
    }

    private func packed(_ text: [UInt8]) throws(LedgerStoreError) -> [UInt8] {
        do throws(TextPacking.Failure) {
            return try packing.pack(text)
        } catch {
            throw .packing(path: path, reason: error.reason)
        }
    }
}

extension LedgerEntry {
    /// The words in the maker's fields that are as long as a SHA-256 in hexadecimal digits.
    fileprivate var namedDigests: Set<Substring> {
        var words: Set<Substring> = []
        for block in blocks {
            for field in block.fields {
                for word in field.value.split(separator: " ")
                where word.utf8.count == 2 * SHA256Digest.length {
                    words.insert(word)
                }
            }
        }
        return words
    }
}

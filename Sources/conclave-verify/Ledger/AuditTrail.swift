// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// The entries of a bundle: a stretch of the ledger that ends with a ceremony.
struct AuditTrail: Sendable {
    /// One entry.
    struct Entry: Sendable {
        /// Where it is.
        let path: String
        /// The entry.
        let entry: LedgerEntry
        /// What it says; nil where that cannot be read, which is a fault already.
        let record: AuditRecord?

        /// Its place in the ledger.
        var index: UInt64 { entry.index }
    }

    /// The entries that follow one another, the first of all to begin with.
    let entries: [Entry]
    /// Whether no entry among them is missing or unreadable.
    let isContiguous: Bool
    /// The edge of the tree before the first entry; nil where nothing sound tells it.
    let base: MerkleFrontier?

    /// The place of the first entry.
    var first: UInt64? { entries.first?.index }
    /// The number of entries in the ledger, up to and with the last of these.
    var size: UInt64? { entries.last.map { $0.index + 1 } }
    /// Whether the entries are the whole ledger up to there.
    var isWhole: Bool { isContiguous && first == 0 }

    /// The number of the batch that is drafted first.
    var firstDrafted: UInt64? {
        for entry in entries { if case .batch(_, let number)? = entry.record { return number } }
        return nil
    }

    /// The root of the tree over the first `size` entries of the ledger; nil where the entries do not
    /// reach from before them to there.
    func root(size: UInt64) -> SHA256Digest? {
        guard isContiguous, var tree = base, tree.size == first, size >= tree.size,
            let count = Int(exactly: size - tree.size), count <= entries.count
        else { return nil }
        for entry in entries.prefix(count) { tree.append(entry.entry.leafHash) }
        return tree.root
    }

    /// The entries that say something of a batch's own history, with what they say.
    func records(of batch: SHA256Digest) -> [(entry: Entry, record: AuditRecord)] {
        entries.compactMap { entry in
            guard let record = entry.record, record.batch == batch else { return nil }
            return (entry, record)
        }
    }
}

extension AuditRecord {
    /// The batch that the entry belongs to.
    var batch: SHA256Digest? {
        switch self {
        case .batch(let batch, _), .approval(let batch, _, _), .rejection(let batch, _),
            .opened(let batch, _), .intent(let batch, _), .revocationList(let batch, _, _),
            .closed(let batch, _, _, _), .tookOver(let batch, _), .epoch(let batch, _):
            batch
        case .issued(let issued): issued.batch
        case .genesis, .request, .refusal, .exception: nil
        }
    }
}

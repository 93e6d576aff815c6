// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto

/// How far a ledger had come when it was last written, noted beside it in the home's lock file.
///
/// SQLite cannot tell that its log was removed, or that the log is another ledger's: the file is then as
/// it was at some time before. The note is not synced, so that after a power cut it may be older than
/// the ledger, or unreadable; it is never newer. Whoever rolls back the whole home rolls it back, too.
struct LedgerMark: Equatable {
    /// The number of entries.
    let size: UInt64
    /// The root over them.
    let root: SHA256Digest

    /// Marks how far a ledger has come.
    init(_ store: LedgerStore) {
        size = store.size
        root = store.checkpointRoot()
    }

    /// Reads a note; nil where it is none, or was written in part.
    init?(note: String) {
        let words = note.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let size = parseDecimal(words[0]),
            let root = SHA256Digest(hex: words[1]), words[2] == Self.check(size, root)
        else { return nil }
        self.size = size
        self.root = root
    }

    /// The mark as one line.
    var note: String { "\(size) \(root.hex) \(Self.check(size, root))" }

    /// Why the ledger is not the one that was marked, or that one grown; nil where it is.
    ///
    /// - Throws: what the ledger throws.
    func fault(of store: LedgerStore) throws(LedgerStoreError) -> Violation? {
        let hint =
            "keep a copy of the home; put back what was taken from it, the ledger's log (-wal) too, or "
            + "restore the ledger from a backup or the bundles"
        guard size <= store.size else {
            return Violation(
                .ledgerMark,
                "the ledger has \(store.size) entries, and had \(size) when it was last written: the "
                    + "last were removed, or its log, or an older copy was put in its place",
                hint: hint)
        }
        guard try store.checkpointRoot(size: size) == root else {
            return Violation(
                .ledgerMark,
                "the ledger has another history of its first \(size) entries than when it was last "
                    + "written",
                hint: hint)
        }
        return nil
    }

    /// Tells a note from one of which another covers a part.
    private static func check(_ size: UInt64, _ root: SHA256Digest) -> String {
        String(SHA256Digest(hashing: Array("\(size) \(root.hex)".utf8)).hex.prefix(16))
    }
}

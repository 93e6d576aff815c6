// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto

/// How far a ledger had come when it was last written, noted beside it in the home's lock file.
///
/// SQLite cannot tell that its log was removed, or that the log is another ledger's: the file is then as
/// it was at some time before. The note is not synced, so that after a power cut it may be older than
/// the ledger, or unreadable; it is never newer. Whoever rolls back the whole home rolls it back, too.
///
/// Nobody signs it. Whoever can write it can stop the home with it, until a quorum begins a new epoch, and
/// do nothing else: it is one more anchor.
struct LedgerMark: Equatable {
    /// The number of entries.
    let size: UInt64
    /// The root over them.
    let root: SHA256Digest
    /// The epoch of serials.
    let epoch: UInt64

    /// Marks how far a ledger has come, in an epoch of serials.
    init(_ store: LedgerStore, epoch: UInt64) {
        size = store.size
        root = store.checkpointRoot()
        self.epoch = epoch
    }

    /// Reads a note; nil where it is none, or was written in part.
    init?(note: String) {
        let words = note.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, let size = parseDecimal(words[0]), size > 0,
            let root = SHA256Digest(hex: words[1]), let epoch = parseDecimal(words[2]),
            epoch <= UInt64(SerialNumber.lastEpoch), words[3] == Self.check(words[0...2])
        else { return nil }
        self.size = size
        self.root = root
        self.epoch = epoch
    }

    /// The mark as one line.
    var note: String {
        let words = ["\(size)", root.hex, "\(epoch)"]
        return (words + [Self.check(words[...])]).joined(separator: " ")
    }

    /// The mark as an anchor of the home with this genesis.
    func anchor(of genesis: SHA256Digest) -> AnchorNote {
        AnchorNote(Checkpoint(genesis: genesis, size: size, root: root), epoch: epoch)
    }

    /// Why the ledger is not the one that was marked, or that one grown; nil where it is.
    ///
    /// - Throws: what the ledger throws.
    func fault(of store: LedgerStore, home: String) throws(LedgerStoreError) -> Violation? {
        let hint = Self.hint(home: home)
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

    /// What to do where a home's ledger is not the one that it noted.
    static func hint(home: String) -> String {
        "copy the home as it is; put back what was taken from it, the ledger's log (-wal) first; or "
            + "take back what bundles have: conclave recover --home \(home) BUNDLE…; what no bundle "
            + "has, a quorum gives up: conclave batch new-epoch"
    }

    /// Tells a note from one of which another covers a part.
    private static func check(_ words: ArraySlice<String>) -> String {
        String(SHA256Digest(hashing: Array(words.joined(separator: " ").utf8)).hex.prefix(16))
    }
}

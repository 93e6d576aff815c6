// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
import Glibc
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// Takes back what a home has lost from the bundles that it handed out.
///
/// Every entry goes through the same replay as when it was made, and into the ledger only where all
/// entries of its bundle lead to the checkpoint that persons of the roster have signed. Interrupted
/// anywhere, it goes on with what is still missing.
public struct Recovery {
    private let home: Home

    /// Recovers this home, opened with `isMended`.
    public init(home: Home) {
        self.home = home
    }

    /// What was taken back.
    public struct Outcome: Sendable {
        /// The number of entries that were appended.
        public let entries: UInt64
        /// The bundles that had them.
        public let bundles: [String]
        /// What of the anchors that were seen still does not fit.
        public let faults: [Violation]
    }

    /// Appends what is missing, from bundles in any order, or from folders of bundles.
    ///
    /// - Throws: `RunnerError` where a bundle is not sound, of another history, or not the next;
    ///   `FileError`; what the ledger throws. What was appended before stays.
    public func run(_ paths: [String], progress: (UInt64) -> Void = { _ in }) throws -> Outcome {
        let before = home.store.size
        var used: [String] = []
        let bundles = try bundles(paths)
        // Whatever stops this, nothing else is written until the home has caught up.
        for bundle in bundles where bundle.checkpoint.size > home.store.size {
            try AnchorMemory(of: home).keep(
                AnchorNote(bundle.checkpoint, epoch: try? bundle.epoch()))
        }
        for bundle in bundles {
            guard bundle.checkpoint.size > home.store.size else {
                try requireHistory(bundle)
                try keepSeal(of: bundle)
                continue
            }
            try append(entries(of: bundle), of: bundle, progress)
            used.append(bundle.path)
        }
        return Outcome(
            entries: home.store.size - before, bundles: used,
            faults: try AnchorMemory(of: home).keptFaults())
    }

    private func bundles(_ paths: [String]) throws -> [ReleasedBundle] {
        try ReleasedBundle.places(under: paths).map {
            try ReleasedBundle($0, genesis: home.state.id, roster: home.state.roster)
        }.sorted { ($0.checkpoint.size, $0.path) < ($1.checkpoint.size, $1.path) }
    }

    private func requireHistory(_ bundle: ReleasedBundle) throws {
        let size = bundle.checkpoint.size
        guard try home.store.checkpointRoot(size: size) != bundle.checkpoint.root else { return }
        throw fork(bundle, "has another root of its first \(size) entries")
    }

    /// The entries that the ledger does not have, after a look at whether they go on where it ends,
    /// and lead to the bundle's checkpoint.
    private func entries(of bundle: ReleasedBundle) throws -> [LedgerEntry] {
        let size = home.store.size
        var missing: [LedgerEntry] = []
        var frontier = home.store.frontier
        for file in bundle.entryFiles {
            guard let bytes = try bundle.file(file.path, limit: EntryFile.maximumBytes) else {
                continue
            }
            let entries: [LedgerEntry]
            do throws(Violations) {
                entries = try file.entries(in: bytes)
            } catch {
                throw RunnerError.refused(subject: "bundle \(quoted(bundle.path))", error.all)
            }
            for entry in entries {
                if entry.index < size {
                    guard try home.store.entry(at: entry.index) == entry else {
                        throw fork(bundle, "has another entry \(entry.index)")
                    }
                } else if entry.index == frontier.size {
                    frontier.append(entry.leafHash)
                    missing.append(entry)
                }
            }
        }
        guard frontier.size == bundle.checkpoint.size else {
            let next = bundle.entryFiles.first { $0.first > frontier.size }
            let last = (next?.first ?? bundle.checkpoint.size) - 1
            throw RunnerError.refused(
                subject: "bundle \(quoted(bundle.path))",
                [
                    Violation(
                        .recoveryGap,
                        "entries \(frontier.size) to \(last) are missing before it",
                        hint: "name the bundle that has them as well; bundles are numbered")
                ])
        }
        guard frontier.root == bundle.checkpoint.root else {
            throw fork(bundle, "does not go on where this ledger ends, at \(size) entries")
        }
        return missing
    }

    /// Entries of one time go into one transaction, as many as are at hand up to a number.
    private func append(
        _ entries: [LedgerEntry], of bundle: ReleasedBundle, _ progress: (UInt64) -> Void
    ) throws {
        var rest = entries[...]
        while let first = rest.first {
            let group = rest.prefix { $0.time == first.time }.prefix(256)
            rest = rest.dropFirst(group.count)
            let drafts = try group.map { entry throws -> EntryDraft in
                let contents = try contents(of: entry, in: bundle)
                var draft = try EntryDraft(restoring: entry, contents: contents)
                draft.handles = handles(of: entry, contents)
                return draft
            }
            try home.append(drafts, time: first.time)
            progress(home.store.size)
        }
        try keepSeal(of: bundle)
    }

    /// What an entry is found by; nothing where it is not sound, and so is refused.
    private func handles(of entry: LedgerEntry, _ contents: [Content]) -> [LedgerHandle] {
        do throws(Violations) {
            return RecordInspection.handles(
                of: try ExaminedEntry(entry) { digest in
                    contents.first { $0.digest == digest }?.bytes
                        ?? ContentReader(home.store).read(digest)
                })
        } catch {
            return []
        }
    }

    private func keepSeal(of bundle: ReleasedBundle) throws {
        let size = bundle.checkpoint.size
        try CheckpointFile.write(of: home, size: size)
        try CheckpointFile.seal(
            of: home, size: size, sums: bundle.seal.list, signatures: bundle.seal.signatures)
    }

    private func contents(of entry: LedgerEntry, in bundle: ReleasedBundle) throws -> [Content] {
        try entry.namedDigests.compactMap { digest in
            let name = "audit/contents/" + digest.hex
            guard let bytes = try bundle.file(name, limit: Content.maximumBytes) else {
                return nil
            }
            return Content(bytes)
        }
    }

    private func fork(_ bundle: ReleasedBundle, _ what: String) -> RunnerError {
        .altered(
            subject: "bundle \(quoted(bundle.path))",
            [
                Violation(
                    .anchorFork, "it \(what)",
                    hint:
                        "stop: entries were made here that the bundle does not know, or it is not "
                        + "what it seems to be; keep both; a backup that went on by itself is put "
                        + "back once more, and recovered before anything else")
            ])
    }
}

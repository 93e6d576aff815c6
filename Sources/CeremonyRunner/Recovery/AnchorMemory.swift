// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
import Glibc
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// The anchors that were ahead of a home when they were seen, kept in `HOME/anchors/`: until the home has
/// caught up with them, nothing is written.
struct AnchorMemory {
    let home: Home

    /// The memory of this home.
    init(of home: Home) {
        self.home = home
    }

    /// Demands that the ledger is the one of every anchor, grown.
    ///
    /// Those at these paths, of which each must have one, and in the outbox, which need not, and all that
    /// were ahead before. One that is ahead, and that persons of the roster have signed, is kept.
    ///
    /// - Throws: `RunnerError` with every anchor that does not fit; `FileError`; what the ledger throws.
    func require(
        _ paths: [String], outbox: String? = nil, passing: PassedAnchors = .none
    ) throws {
        for path in paths { try requireAnchor(at: path) }
        var faults: [Violation] = []
        for path in paths + [outbox].compactMap({ $0 }) {
            for anchor in try Anchor.find(at: path, of: home.state.id) {
                let known = AnchorNote(anchor.checkpoint, epoch: nil)
                guard try fault(known, of: "") != nil else { continue }
                let signed = anchor.signed(home.state.roster)
                let note = signed ?? known
                guard let fault = try fault(note, of: quoted(anchor.place)) else { continue }
                if signed != nil { try keep(note) }
                if try passing.contains(note, home: home) { continue }
                faults.append(
                    signed != nil
                        ? fault
                        : Violation(
                            fault.rule,
                            fault.message + "; nobody of the roster signed it, so it is not kept",
                            hint: fault.hint))
            }
        }
        if faults.isEmpty { faults = try keptFaults(passing) }
        guard faults.isEmpty else {
            throw RunnerError.altered(subject: "home \(quoted(home.path))", faults)
        }
    }

    /// Demands the same of checkpoints that are known to be of this home: those that its tokens keep.
    ///
    /// - Throws: `RunnerError` with every anchor that does not fit; `FileError`; what the ledger throws.
    func require(_ anchors: [(note: AnchorNote, place: String)]) throws {
        var faults: [Violation] = []
        for (note, place) in anchors {
            guard let fault = try fault(note, of: place) else { continue }
            try keep(note)
            faults.append(fault)
        }
        guard faults.isEmpty else {
            throw RunnerError.altered(subject: "home \(quoted(home.path))", faults)
        }
    }

    /// What does not fit of the anchors that are kept.
    ///
    /// - Throws: `FileError`; what the ledger throws.
    func keptFaults(_ passing: PassedAnchors = .none) throws -> [Violation] {
        var faults: [Violation] = []
        for (note, path) in try kept() {
            if let fault = try fault(note, of: quoted(path), passing) { faults.append(fault) }
        }
        return faults
    }

    /// Demands that there is an anchor of this home at a path: a folder on which no medium is mounted
    /// would pass for one whose bundles the ledger fits.
    private func requireAnchor(at path: String) throws {
        guard try Anchor.find(at: path, of: home.state.id).isEmpty else { return }
        throw RunnerError.refused(
            subject: quoted(path),
            [
                Violation(
                    .anchorPlace, "there is no checkpoint of home \(home.state.id.hex) here",
                    hint: "name a bundle of it, a folder of its bundles, an export, or a "
                        + "checkpoint's file; is the medium mounted?")
            ])
    }

    /// The checkpoints that the ledger does not fit, and that nobody gave up: those at these paths, and
    /// all that were ahead before; each once.
    ///
    /// - Throws: `FileError`; what the ledger throws.
    func unfit(_ paths: [String]) throws -> [AnchorNote] {
        var notes = try paths.flatMap { try Anchor.find(at: $0, of: home.state.id) }
            .map { $0.signed(home.state.roster) ?? AnchorNote($0.checkpoint, epoch: nil) }
        notes += try kept().map(\.note)
        var unfit: [AnchorNote] = []
        for note in notes where try fault(note, of: "") != nil {
            if let place = unfit.firstIndex(where: { $0.checkpoint == note.checkpoint }) {
                if unfit[place].epoch == nil { unfit[place] = note }
            } else {
                unfit.append(note)
            }
        }
        return unfit
    }

    /// Whether an anchor is given up, or is passed over.
    ///
    /// - Throws: what the ledger throws.
    func isPassed(_ note: AnchorNote, _ passing: PassedAnchors) throws -> Bool {
        try fault(note, of: "", passing) == nil
    }

    /// Whether an anchor is of entries that the ledger lacks, given up or not.
    ///
    /// - Throws: what the ledger throws.
    func isLost(_ note: AnchorNote) throws -> Bool {
        try home.store.size < note.checkpoint.size
            || home.store.checkpointRoot(size: note.checkpoint.size) != note.checkpoint.root
    }

    private func fault(
        _ note: AnchorNote, of place: String, _ passing: PassedAnchors = .none
    ) throws -> Violation? {
        // What may have been signed in an epoch before this one is revoked, apart from what is recorded.
        if let epoch = note.epoch, epoch < home.state.epoch { return nil }
        if home.state.epochs.anchors.contains(note.anchor) { return nil }
        if try !isLost(note) || passing.contains(note, home: home) { return nil }
        let checkpoint = note.checkpoint
        let size = home.store.size
        if checkpoint.size > size {
            return Violation(
                .anchorAhead,
                "its ledger has \(size) \(size == 1 ? "entry" : "entries"), and \(place) is of "
                    + "\(checkpoint.size): the home is older than what it has handed out",
                hint: "take back what is missing: conclave recover --home \(home.path) BUNDLE…; "
                    + "what no bundle has, a quorum gives up: conclave batch new-epoch"
                    + later(note))
        }
        return Violation(
            .anchorFork,
            "its ledger has another history of its first \(checkpoint.size) entries than "
                + "\(place), root \(checkpoint.root.hex)",
            hint:
                "stop: this home or that checkpoint is not the one that it seems to be; keep both"
                + "; where both were one home, a quorum gives the other up: conclave batch new-epoch"
                + later(note))
    }

    private func later(_ note: AnchorNote) -> String {
        guard let epoch = note.epoch, epoch > home.state.epoch else { return "" }
        return "; its serials had come to epoch \(epoch)"
    }

    private static func directory(_ home: String) -> String { home + "/anchors" }

    private func kept() throws -> [(note: AnchorNote, path: String)] {
        let directory = Self.directory(home.path)
        guard unsafe access(directory, F_OK) == 0 else { return [] }
        return try DurableFile.names(in: directory).filter { $0.hasSuffix(".txt") }.map { name in
            let path = directory + "/" + name
            let text = try DurableFile.read(path, limit: Checkpoint.maximumBytes)
            do throws(Violations) {
                return (try AnchorNote(parsing: text), path)
            } catch {
                throw RunnerError.damaged("\(path) is no checkpoint: \(error)")
            }
        }
    }

    /// Keeps a checkpoint that persons of the roster have signed, or that the home itself noted.
    ///
    /// - Throws: `FileError`.
    func keep(_ note: AnchorNote) throws { try Self.keep(note, in: home.path) }

    /// Keeps a checkpoint in the home at this path.
    ///
    /// - Throws: `FileError`.
    static func keep(_ note: AnchorNote, in home: String) throws {
        let directory = directory(home)
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let checkpoint = note.checkpoint
        let name = padded(checkpoint.size, to: 8) + "-" + checkpoint.root.hex.prefix(16) + ".txt"
        let path = directory + "/" + name
        if unsafe access(path, F_OK) != 0 {
            try DurableFile.create(path, note.bytes)
        } else if note.epoch != nil {
            try DurableFile.replace(path, note.bytes)
        }
    }
}

extension Home {
    /// What does not fit of the checkpoints that were ahead of the home when they were seen.
    ///
    /// - Throws: `FileError`; what the ledger throws.
    public func anchorFaults() throws -> [Violation] { try AnchorMemory(of: self).keptFaults() }
}

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
    private let home: Home

    /// The memory of this home.
    init(of home: Home) {
        self.home = home
    }

    /// Demands that the ledger is the one of every anchor, grown.
    ///
    /// Those at these paths, and all that were ahead before. One that is ahead, and that persons of the
    /// roster have signed, is kept.
    ///
    /// - Throws: `RunnerError` with every anchor that does not fit; `FileError`; what the ledger throws.
    func require(_ paths: [String], passing: PassedAnchors = .none) throws {
        var faults: [Violation] = []
        for path in paths {
            for anchor in try Anchor.find(at: path, of: home.state.id) {
                guard let fault = try fault(anchor.checkpoint, of: quoted(anchor.place)) else {
                    continue
                }
                let isSigned = anchor.isSigned(home.state.roster)
                if isSigned { try keep(anchor.checkpoint) }
                if try passing.contains(anchor.checkpoint, home: home) { continue }
                faults.append(
                    isSigned
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
    func require(_ anchors: [(checkpoint: Checkpoint, place: String)]) throws {
        var faults: [Violation] = []
        for (checkpoint, place) in anchors {
            guard let fault = try fault(checkpoint, of: place) else { continue }
            try keep(checkpoint)
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
        for (checkpoint, path) in try kept() {
            if let fault = try fault(checkpoint, of: quoted(path), passing) { faults.append(fault) }
        }
        return faults
    }

    /// The checkpoints that the ledger does not fit, and that nobody gave up: those at these paths, and
    /// all that were ahead before; each once.
    ///
    /// - Throws: `FileError`; what the ledger throws.
    func unfit(_ paths: [String]) throws -> [Checkpoint] {
        let found = try paths.flatMap { try Anchor.find(at: $0, of: home.state.id) }
        var unfit: [Checkpoint] = []
        for checkpoint in try found.map(\.checkpoint) + kept().map(\.checkpoint)
        where try !unfit.contains(checkpoint) && fault(checkpoint, of: "") != nil {
            unfit.append(checkpoint)
        }
        return unfit
    }

    private func fault(
        _ checkpoint: Checkpoint, of place: String, _ passing: PassedAnchors = .none
    ) throws -> Violation? {
        let anchor = NewEpochItem.Anchor(size: checkpoint.size, root: checkpoint.root)
        if home.state.epochs.anchors.contains(anchor) { return nil }
        if try passing.contains(checkpoint, home: home) { return nil }
        let size = home.store.size
        if checkpoint.size > size {
            return Violation(
                .anchorAhead,
                "its ledger has \(size) \(size == 1 ? "entry" : "entries"), and \(place) is of "
                    + "\(checkpoint.size): the home is older than what it has handed out",
                hint: "take back what is missing: conclave recover --home \(home.path) BUNDLE…; "
                    + "what no bundle has, a quorum gives up: conclave batch new-epoch")
        }
        guard try home.store.checkpointRoot(size: checkpoint.size) != checkpoint.root else {
            return nil
        }
        return Violation(
            .anchorFork,
            "its ledger has another history of its first \(checkpoint.size) entries than "
                + "\(place), root \(checkpoint.root.hex)",
            hint: "stop: this home or that checkpoint is not the one that it seems to be; keep both"
        )
    }

    private var directory: String { home.path + "/anchors" }

    private func kept() throws -> [(checkpoint: Checkpoint, path: String)] {
        guard unsafe access(directory, F_OK) == 0 else { return [] }
        return try DurableFile.names(in: directory).filter { $0.hasSuffix(".txt") }.map { name in
            let path = directory + "/" + name
            let text = try DurableFile.read(path, limit: Checkpoint.maximumBytes)
            do throws(Violations) {
                return (try Checkpoint(parsing: text), path)
            } catch {
                throw RunnerError.damaged("\(path) is no checkpoint: \(error)")
            }
        }
    }

    /// Keeps a checkpoint that persons of the roster have signed.
    ///
    /// - Throws: `FileError`.
    func keep(_ checkpoint: Checkpoint) throws {
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let name = padded(checkpoint.size, to: 8) + "-" + checkpoint.root.hex.prefix(16) + ".txt"
        let path = directory + "/" + name
        guard unsafe access(path, F_OK) != 0 else { return }
        try DurableFile.create(path, checkpoint.bytes)
    }
}

extension Home {
    /// What does not fit of the checkpoints that were ahead of the home when they were seen.
    ///
    /// - Throws: `FileError`; what the ledger throws.
    public func anchorFaults() throws -> [Violation] { try AnchorMemory(of: self).keptFaults() }
}

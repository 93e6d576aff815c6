// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Ledger
import LedgerStore
import Spool

/// What a home itself noted of how far its ledger had come, where the ledger is not that one any more.
extension AnchorMemory {
    /// Keeps as anchors what the lock file and the checkpoints of the home say of entries that the ledger
    /// lacks: its log was removed, or an older file was put in its place.
    ///
    /// - Parameters:
    ///   - mark: What the lock file notes; nil where it notes nothing.
    ///   - passing: Which anchors are passed over.
    /// - Returns: The first that does not fit, and is not passed over.
    /// - Throws: `RunnerError` where a checkpoint of the home is none; `FileError`; what the ledger throws.
    func keepOwn(_ mark: LedgerMark?, passing: PassedAnchors) throws -> RunnerError? {
        var fault: RunnerError?
        for size in try CheckpointFile.keptSizes(of: home).reversed() {
            guard let text = try CheckpointFile.fault(of: home, size: size) else { break }
            guard size > home.store.size,
                let checkpoint = try CheckpointFile.kept(of: home, size: size)
            else {
                fault = fault ?? .damaged(text)
                break
            }
            let note = AnchorNote(checkpoint, epoch: nil)
            try keep(note)
            // The next of this size may be of another history, and is to be written then.
            try CheckpointFile.remove(of: home, size: size)
            if try !isPassed(note, passing) {
                let violation = Violation(
                    .ledgerMark, text, hint: LedgerMark.hint(home: home.path))
                fault =
                    fault
                    ?? .altered(
                        subject: CheckpointFile.path(home.path, size: size), [violation])
            }
        }
        if let mark, let violation = try mark.fault(of: home.store, home: home.path) {
            let note = mark.anchor(of: home.state.id)
            try keep(note)
            if try !isPassed(note, passing) {
                fault = fault ?? .altered(subject: "the ledger", [violation])
            }
        }
        return fault
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// The last checkpoint that officers signed, with what it proves: the state from which a home goes on.
///
/// The signature is that over a bundle's sums, which name the checkpoint. The ledger's nodes must give
/// its root, and the last entry must be in it, and name the text of a state.
struct SealedCheckpoint {
    private let path: String
    private let store: LedgerStore
    private let checkpoint: Checkpoint
    private let founding: HomeState

    /// The state from which to go on; nil where no checkpoint is signed.
    ///
    /// - Parameters:
    ///   - path: The home's directory.
    ///   - sizes: The sizes of its checkpoints, listed before the ledger was looked at.
    ///   - store: The ledger.
    ///   - founding: The state after the genesis alone.
    ///   - past: What the ledger has before a state.
    /// - Returns: The state, or nil.
    /// - Throws: `RunnerError` where one is signed and the ledger does not fit it; what files and
    ///   ledger throw.
    static func state(
        of path: String, sizes: [UInt64], store: LedgerStore, founding: HomeState,
        past: (UInt64) -> HomePast
    ) throws -> HomeState? {
        for size in sizes.reversed() {
            guard
                let sealed = try SealedCheckpoint(
                    path, size: size, store: store, founding: founding)
            else { continue }
            if let state = try sealed.state(past(size)) { return state }
        }
        return nil
    }

    /// The checkpoint of this size; nil where too few persons of the roster signed it.
    private init?(_ home: String, size: UInt64, store: LedgerStore, founding: HomeState) throws {
        path = CheckpointFile.path(home, size: size)
        self.store = store
        self.founding = founding
        guard let sums = try CheckpointFile.sums(home, size: size) else { return nil }
        let text = try DurableFile.read(path, limit: Checkpoint.maximumBytes)
        guard CheckpointFile.names(text, sums) else { return nil }
        var persons: Set<String> = []
        for armored in try CheckpointFile.seals(home, size: size) {
            do throws(Violations) {
                let signature = try OfficerSignature(
                    armored: armored, message: sums, namespace: BundleContents.namespace,
                    what: "the checkpoint")
                if let person = founding.roster.person(holding: signature.key) {
                    persons.insert(person.name)
                }
            } catch {
                // One that a crash left of another making does not count.
                continue
            }
        }
        guard persons.count >= founding.roster.bundleSignatures else { return nil }
        do throws(Violations) {
            checkpoint = try Checkpoint(parsing: text)
        } catch {
            throw RunnerError.damaged("\(path) is no checkpoint: \(error)")
        }
        guard checkpoint.size == size, checkpoint.genesis == founding.id else {
            throw RunnerError.damaged("\(path) is of another home, or another size")
        }
    }

    /// The state that the last entry of the checkpoint records; nil where that is not the end of a
    /// ceremony from which one could go on.
    private func state(_ past: HomePast) throws -> HomeState? {
        let size = checkpoint.size
        // Whoever opens the home to change it is told that it is behind; one may look at it.
        guard size <= store.size else { return nil }
        let tree = try MerkleFrontier(size: size) { node in try store.node(node) }
        guard tree.root == checkpoint.root else {
            throw altered(
                "does not fit the ledger: it has another history of its first \(size) entries")
        }
        let end = try entry(size - 1)
        guard end.kind == .ceremonyClosed else { return nil }
        let contents = ContentReader(store)
        do {
            let record = try CeremonyClosedRecord(end)
            guard record.abandonment == nil else { return nil }
            guard let bytes = try store.content(record.state) else {
                throw altered("proves the state \(record.state.hex), which the ledger lost")
            }
            let text = try StateText(text: bytes)
            let underWay = try text.underWay.map { batch in
                (drafted: try entry(batch.entry), approvals: try batch.approvals.map(entry))
            }
            return try HomeState(
                founding: founding, text: text, end: end, tree: tree, underWay: underWay,
                content: contents.read, past: past)
        } catch let violations as Violations {
            if let fault = contents.fault { throw fault }
            throw altered("proves a state that does not fit:\n\(violations)")
        }
    }

    /// An entry that is proven to be in the checkpoint.
    private func entry(_ index: UInt64) throws -> LedgerEntry {
        guard index < checkpoint.size else {
            throw altered("proves a state that names entry \(index), behind its own end")
        }
        let entry = try store.entry(at: index)
        let proof = try store.inclusionProof(index: index, size: checkpoint.size)
        guard proof.verify(leaf: entry.leafHash, root: checkpoint.root) else {
            throw altered("does not have entry \(index) as it is in the ledger: it was altered")
        }
        return entry
    }

    private func altered(_ what: String) -> RunnerError {
        .damaged("\(path), which officers signed, \(what)")
    }
}

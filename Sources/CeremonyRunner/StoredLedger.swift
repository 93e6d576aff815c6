// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
public import Ledger
public import LedgerStore
public import SSHCrypto

/// A home's ledger, opened to be handed out or proven, without a replay of what it says.
///
/// It reads the few entries and nodes that are asked for, so that a large ledger costs no more than a
/// small one; that what it holds is sound, ``LedgerAudit`` and the verifiers say.
public final class StoredLedger {
    /// The ledger.
    public let store: LedgerStore
    /// The home's identity: the SHA-256 of the genesis.
    public let genesis: SHA256Digest

    /// Opens the ledger of the home at `path`, to read it.
    ///
    /// - Throws: `RunnerError` where there is no home, or where its newest checkpoint does not fit the
    ///   ledger: nobody is to sign another history, nor to prove one; what the ledger throws.
    public convenience init(home path: String) throws {
        // Before the ledger is looked at: a ceremony that ends meanwhile writes its checkpoint last.
        let newest = try CheckpointFile.keptSizes(in: path).last
        try self.init(unchecked: path)
        guard let newest else { return }
        let fault = try CheckpointFile.fault(in: path, size: newest, ledgerSize: store.size) {
            try checkpoint(size: newest)
        }
        if let fault { throw RunnerError.damaged(fault) }
    }

    /// Opens the ledger of the home at `path`, whatever its checkpoints say.
    ///
    /// - Throws: `RunnerError` where there is no home; what the ledger throws.
    init(unchecked path: String) throws {
        let ledger = try Home.requireHome(path)
        store = try LedgerStore(opening: ledger, mode: .readOnly)
        guard store.size > 0 else { throw RunnerError.damaged("the ledger has no entries") }
        genesis = try GenesisRecord(store.entry(at: 0)).genesis
    }

    /// Takes the ledger of a home whose identity is known.
    init(store: LedgerStore, genesis: SHA256Digest) {
        self.store = store
        self.genesis = genesis
    }

    /// The checkpoint at `size` entries; nil is all that there are.
    ///
    /// - Throws: what the ledger throws where it has fewer.
    public func checkpoint(size: UInt64? = nil) throws -> Checkpoint {
        let size = size ?? store.size
        return Checkpoint(
            genesis: genesis, size: size, root: try store.checkpointRoot(size: size))
    }

    /// Proof that an entry is in the ledger of `size` entries, nil is all that there are; it carries
    /// the entry's text.
    ///
    /// - Throws: what the ledger throws where there is no such entry, or there are fewer.
    public func logProof(entry: UInt64, size: UInt64? = nil) throws -> LogProof {
        let checkpoint = try checkpoint(size: size)
        let inclusion = try store.inclusionProof(index: entry, size: checkpoint.size)
        let text = try store.entry(at: entry)
        guard let proof = LogProof(inclusion, in: checkpoint, carrying: text) else {
            throw RunnerError.damaged("the proof is of another size than the checkpoint")
        }
        return proof
    }

    /// Proof that the ledger of `size` entries is the one of `oldSize`, grown.
    ///
    /// - Throws: what the ledger throws where it has fewer, or `oldSize` is the larger.
    public func growthProof(from oldSize: UInt64, to size: UInt64? = nil) throws -> GrowthProof {
        let checkpoint = try checkpoint(size: size)
        let consistency = try store.consistencyProof(oldSize: oldSize, newSize: checkpoint.size)
        guard let proof = GrowthProof(consistency, to: checkpoint) else {
            throw RunnerError.damaged("the proof is of another size than the checkpoint")
        }
        return proof
    }

    /// The entry that issued the certificate with this serial of an authority.
    ///
    /// - Throws: what the ledger throws; `RunnerError` where no entry, or more than one, did.
    public func issuedEntry(authority: String, serial: UInt64) throws -> UInt64 {
        let found = try store.find(.serial(serial)).filter { index in
            let entry = try store.entry(at: index)
            guard entry.kind == .issued else { return false }
            let record = try IssuedRecord(entry)
            return record.authority == authority && record.has(.serial(serial))
        }
        guard found.count == 1, let entry = found.first else {
            guard found.isEmpty else {
                throw RunnerError.damaged(
                    "the ledger has \(found.count) certificates with serial \(serial) of "
                        + authority)
            }
            throw RunnerError.refused(
                subject: "serial \(serial) of \(authority)",
                [Violation(.ledgerUnknown, "the ledger has no such certificate")])
        }
        return entry
    }
}

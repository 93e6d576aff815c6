// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
public import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats
import Workers

/// Recomputes everything that a home's ledger says: tree, texts, signatures, state, checkpoints.
///
/// Texts, tree and signatures are looked at in pieces on all cores, the state follows them in order,
/// and no more of the ledger is in memory than is being looked at.
public struct LedgerAudit {
    /// How far the audit goes.
    public enum Depth: Sendable {
        /// Everything.
        case whole
        /// All but signatures, the replay of what they allowed, and the look-up table.
        case withoutSignatures
    }

    /// The number of entries.
    public private(set) var size: UInt64 = 0
    /// The number of certificates.
    public private(set) var certificates = 0
    /// The number of checkpoints that were compared.
    public private(set) var checkpoints = 0
    /// The checkpoint of the whole ledger, where it is sound.
    public private(set) var checkpoint: Checkpoint?
    /// Everything that is wrong.
    public private(set) var faults: [String] = []

    /// Looks through the ledger of the home at `path`.
    ///
    /// - Parameters:
    ///   - path: The home's directory.
    ///   - depth: How far to go.
    ///   - progress: Is told from time to time how many entries of how many have been looked at.
    /// - Throws: what the ledger throws where it cannot be opened.
    public init(
        path: String, depth: Depth = .whole, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws {
        let ledger = try Home.requireHome(path)
        let inspection = RecordInspection(verifiesSignatures: depth == .whole)
        let total = try? LedgerStore(opening: ledger, mode: .readOnly).size
        let replay = depth == .whole ? LedgerReplay(path: ledger) : nil
        let stored = try LedgerStore.verify(
            path: ledger, inspect: inspection.inspect, comparesHandles: depth == .whole,
            follow: replay.map { replay in { replay.follow($0) } }
        ) { done in progress(done, max(done, total ?? 0)) }
        size = stored.size
        certificates = stored.certificates
        faults = stored.faults.map { "\($0)" }
        guard faults.isEmpty else { return }
        if let replay { follow(replay, stored) }
        guard faults.isEmpty else { return }
        do {
            let ledger = try StoredLedger(unchecked: path)
            try compareCheckpoints(path, ledger)
            checkpoint = try ledger.checkpoint(size: size)
        } catch {
            faults.append("\(error)")
        }
    }

    /// Takes over what the replay of a ledger that is sound in itself has shown.
    private mutating func follow(_ replay: LedgerReplay, _ stored: LedgerVerification) {
        do {
            faults += try replay.repeatedRequests(stored.sharingRequests).map { "\($0)" }
        } catch {
            faults.append("\(error)")
        }
        if let failure = replay.failure {
            if !faults.contains(failure) { faults.append(failure) }
        } else if stored.size == 0 {
            faults.append("\(RunnerError.damaged("the ledger has no entries"))")
        } else if replay.size != stored.size {
            faults.append("the ledger could be followed to entry \(replay.size) and no further")
        }
    }

    private mutating func compareCheckpoints(_ path: String, _ ledger: StoredLedger) throws {
        for size in try CheckpointFile.keptSizes(in: path) {
            let fault = try CheckpointFile.fault(
                in: path, size: size, ledgerSize: ledger.store.size
            ) { try ledger.checkpoint(size: size) }
            if let fault { faults.append(fault) }
            checkpoints += 1
        }
    }
}

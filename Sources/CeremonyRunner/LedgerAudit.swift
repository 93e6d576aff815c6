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
/// Texts, tree and certificates are looked at in pieces on all cores, the state is replayed beside
/// that, and no more of the ledger is in memory than is being looked at.
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
        let ledger = path + "/" + Home.ledgerName
        guard unsafe access(ledger, F_OK) == 0 else { throw RunnerError.noHome(path) }
        let inspection = RecordInspection(verifiesSignatures: depth == .whole)
        let total = try? LedgerStore(opening: ledger, mode: .readOnly).size
        let replay = depth == .whole ? Self.replay(path) : nil
        let stored = try LedgerStore.verify(
            path: ledger, inspect: inspection.inspect, comparesHandles: depth == .whole
        ) { done in progress(done, max(done, total ?? 0)) }
        size = stored.size
        certificates = stored.certificates
        faults = stored.faults.map { "\($0)" }
        let failure = replay?.result()
        guard faults.isEmpty else { return }
        if let failure { faults.append(failure) }
        guard faults.isEmpty else { return }
        do {
            let ledger = try StoredLedger(home: path)
            try compareCheckpoints(path, ledger)
            checkpoint = try ledger.checkpoint(size: size)
        } catch {
            faults.append("\(error)")
        }
    }

    /// Replays the state beside what else is done; answers why it cannot be replayed.
    private static func replay(_ path: String) -> BackgroundWork<String?> {
        BackgroundWork {
            do {
                _ = try Home.read(path, surroundings: .machine, whole: true)
                return nil
            } catch {
                return "\(error)"
            }
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

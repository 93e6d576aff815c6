// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
public import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats
import Spool

/// Recomputes everything that a home's ledger says: tree, texts, signatures, state, checkpoints.
public struct LedgerAudit {
    /// The number of entries.
    public private(set) var size: UInt64 = 0
    /// The number of certificates whose signatures were verified.
    public private(set) var certificates = 0
    /// The number of checkpoints that were compared.
    public private(set) var checkpoints = 0
    /// The checkpoint of the whole ledger, where it is sound.
    public private(set) var checkpoint: Checkpoint?
    /// Everything that is wrong.
    public private(set) var faults: [String] = []

    /// Looks through the ledger of the home at `path`.
    ///
    /// - Throws: what the ledger throws where it cannot be opened.
    public init(path: String) throws {
        let ledger = path + "/" + Home.ledgerName
        guard unsafe access(ledger, F_OK) == 0 else { throw RunnerError.noHome(path) }
        let stored = try LedgerStore.verify(path: ledger, requiredContents: \.namedDigests)
        size = stored.size
        faults = stored.faults.map { "\($0)" }
        guard faults.isEmpty else { return }
        do {
            let home = try Home.read(path, surroundings: .machine)
            try verifyCertificates(home)
            try compareCheckpoints(home)
            checkpoint = try CheckpointFile.checkpoint(of: home, size: size)
        } catch {
            faults.append("\(error)")
        }
    }

    private mutating func verifyCertificates(_ home: Home) throws {
        try home.store.forEach(from: 0) { entry in
            guard entry.kind == .issued else { return }
            let certificate = try IssuedRecord(entry).certificate
            do {
                try certificate.verifySignature(
                    using: VerificationKeys.key(for: certificate.fields.signatureKey))
                certificates += 1
            } catch {
                faults.append("entry \(entry.index): \(error)")
            }
        }
    }

    private mutating func compareCheckpoints(_ home: Home) throws {
        let directory = home.path + "/checkpoints"
        guard unsafe access(directory, F_OK) == 0 else { return }
        for batch in home.state.batches {
            guard let closed = batch.closed?.entry else { continue }
            let path = directory + "/" + padded(closed + 1, to: 8) + ".txt"
            guard unsafe access(path, F_OK) == 0 else { continue }
            let kept = try Checkpoint(parsing: DurableFile.read(path, limit: 4096))
            if try kept != CheckpointFile.checkpoint(of: home, size: closed + 1) {
                faults.append(
                    "\(path) does not fit the ledger: it has another history of its first "
                        + "\(closed + 1) entries")
            }
            checkpoints += 1
        }
    }
}

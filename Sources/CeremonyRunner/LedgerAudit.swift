// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
public import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

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
        for size in try CheckpointFile.keptSizes(of: home) {
            if let fault = try CheckpointFile.fault(of: home, size: size) { faults.append(fault) }
            checkpoints += 1
        }
    }
}

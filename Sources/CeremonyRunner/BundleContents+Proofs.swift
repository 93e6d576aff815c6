// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerStore

/// What ties a bundle to the ledger: its checkpoint, the way from the one before, and a proof for each
/// certificate.
extension BundleContents {
    /// Adds the checkpoint behind the bundle's entries, and the proof that it grew out of the one before
    /// them, where there is one.
    mutating func addCheckpoints(_ home: Home, _ entries: ClosedRange<UInt64>) throws {
        let checkpoint = try CheckpointFile.checkpoint(of: home, size: entries.upperBound + 1)
        add("audit/checkpoint.txt", checkpoint.text)
        guard entries.lowerBound > 0 else { return }
        let previous = try CheckpointFile.checkpoint(of: home, size: entries.lowerBound)
        let consistency = try home.store.consistencyProof(
            oldSize: previous.size, newSize: checkpoint.size)
        guard let growth = GrowthProof(consistency, to: checkpoint) else {
            throw RunnerError.damaged("the proof is of another size than the checkpoint")
        }
        add("audit/previous.txt", previous.text)
        add("audit/growth.txt", growth.text)
    }

    /// Adds beside each certificate the proof that its entry is in the ledger of the bundle's checkpoint.
    mutating func addProofs(
        _ home: Home, of certificates: [(path: String, entry: UInt64)], size: UInt64
    ) throws {
        let checkpoint = try CheckpointFile.checkpoint(of: home, size: size)
        let proofs = try home.store.inclusionProofs(of: certificates.map(\.entry), size: size)
        for (certificate, inclusion) in zip(certificates, proofs) {
            let entry = try home.store.entry(at: certificate.entry)
            guard let proof = LogProof(inclusion, in: checkpoint, carrying: entry) else {
                throw RunnerError.damaged("the proof is of another entry than the certificate")
            }
            add(Self.proofPath(of: certificate.path), proof.text)
        }
    }

    /// The path of a certificate's proof: `…-cert.tlog-proof` beside `…-cert.pub`.
    static func proofPath(of certificate: String) -> String {
        certificate.dropLast(".pub".count) + ".tlog-proof"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

@testable import conclave_verify

/// Checkpoints of the home's ledger, and proofs made from its entries alone.
extension SampleHome {
    /// The checkpoint of the first entries; nil is all.
    func checkpoint(size: Int? = nil) -> Checkpoint {
        let size = size ?? entries.count
        var tree = MerkleFrontier()
        for entry in entries.prefix(size) { tree.append(entry.leafHash) }
        return Checkpoint(genesis: genesis.id, size: UInt64(size), root: tree.root)
    }

    /// The hash of a complete subtree.
    private func hash(_ node: MerkleNode) -> SHA256Digest {
        var tree = MerkleFrontier()
        for index in node.entries ?? 0...0 { tree.append(entries[Int(index)].leafHash) }
        return tree.root
    }

    /// The text of the proof that the ledger grew from so many entries to what it is, or was.
    func growthProof(from oldSize: Int, to size: Int? = nil) -> [UInt8] {
        let checkpoint = checkpoint(size: size)
        let consistency = ConsistencyProof(
            oldSize: UInt64(oldSize), newSize: checkpoint.size, node: hash)
        return Array((consistency.flatMap { GrowthProof($0, to: checkpoint) }?.text ?? "").utf8)
    }

    /// The text of the proof that an entry is in the ledger, as it is or as it was.
    func proof(of entry: LedgerEntry, size: Int? = nil) -> [UInt8] {
        let checkpoint = checkpoint(size: size)
        let inclusion = InclusionProof(index: entry.index, size: checkpoint.size, node: hash)
        let proof = inclusion.flatMap { LogProof($0, in: checkpoint, carrying: entry) }
        return Array((proof?.text ?? "").utf8)
    }

    /// The text of the proof that a certificate's entry is in the ledger.
    func proof(of certificate: Certificate, size: Int? = nil) -> [UInt8] {
        let entry = entries.first { entry in
            guard entry.kind == .issued, case .issued(let issued)? = try? AuditRecord(entry) else {
                return false
            }
            return issued.certificate == certificate
        }
        return entry.map { proof(of: $0, size: size) } ?? []
    }
}

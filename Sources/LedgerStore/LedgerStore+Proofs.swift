// SPDX-License-Identifier: Apache-2.0
public import Ledger
import SSHCrypto

extension LedgerStore {
    /// Proofs that these entries are in the tree over the first `size`, in the order that was given.
    ///
    /// Each node of the tree is read once: entries that stand side by side share nearly all of their
    /// way to the root.
    ///
    /// - Throws: `LedgerStoreError` where the ledger has fewer entries, or no such one among them.
    public func inclusionProofs(
        of entries: [UInt64], size: UInt64
    ) throws(LedgerStoreError) -> [InclusionProof] {
        guard size <= self.size else {
            throw .noSuchSize(size: size, ledgerSize: self.size)
        }
        var known: [MerkleNode: SHA256Digest] = [:]
        var proofs: [InclusionProof] = []
        proofs.reserveCapacity(entries.count)
        for index in entries {
            let proof = try InclusionProof(index: index, size: size) {
                node throws(LedgerStoreError) in
                if let hash = known[node] { return hash }
                let hash = try hash(of: node)
                known[node] = hash
                return hash
            }
            guard let proof else { throw .noEntry(index: index, size: size) }
            proofs.append(proof)
        }
        return proofs
    }
}

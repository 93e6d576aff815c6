// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import SSHCrypto

extension LedgerStore {
    /// The root of the tree over all entries.
    public func checkpointRoot() -> SHA256Digest { state.frontier.root }

    /// The root of the tree as it was when the ledger had `size` entries.
    ///
    /// - Throws: `LedgerStoreError` where it has fewer.
    public func checkpointRoot(size: UInt64) throws(LedgerStoreError) -> SHA256Digest {
        try checkSize(size)
        return try MerkleTree.root(size: size) {
            node throws(LedgerStoreError) in try hash(of: node)
        }
    }

    /// The checkpoint of the ledger as it is; `genesis` is the digest that names the ledger.
    public func checkpoint(genesis: SHA256Digest) -> Checkpoint {
        Checkpoint(genesis: genesis, size: size, root: checkpointRoot())
    }

    /// Proof that the entry at `index` is in the tree over the first `size` entries; nil is all.
    ///
    /// - Throws: `LedgerStoreError` where the ledger has fewer, or no such entry among them.
    public func inclusionProof(
        index: UInt64, size: UInt64? = nil
    ) throws(LedgerStoreError) -> InclusionProof {
        let size = size ?? self.size
        try checkSize(size)
        let proof = try InclusionProof(index: index, size: size) {
            node throws(LedgerStoreError) in try hash(of: node)
        }
        guard let proof else { throw .noEntry(index: index, size: size) }
        return proof
    }

    /// The entry at `index`, which the nodes prove to be in the tree over all entries.
    ///
    /// - Throws: `LedgerStoreError` where there is none, or where it is not in the tree.
    public func provenEntry(at index: UInt64) throws(LedgerStoreError) -> LedgerEntry {
        let entry = try entry(at: index)
        guard try inclusionProof(index: index).verify(leaf: entry.leafHash, root: checkpointRoot())
        else { throw .damagedEntry(index: index, reason: "it is not in the tree") }
        return entry
    }

    /// Proof that the ledger only grew from `oldSize` entries to `newSize`; nil is all.
    ///
    /// - Throws: `LedgerStoreError` where the ledger has fewer, or the sizes are the wrong way round.
    public func consistencyProof(
        oldSize: UInt64, newSize: UInt64? = nil
    ) throws(LedgerStoreError) -> ConsistencyProof {
        let newSize = newSize ?? size
        try checkSize(newSize)
        let proof = try ConsistencyProof(oldSize: oldSize, newSize: newSize) {
            node throws(LedgerStoreError) in try hash(of: node)
        }
        guard let proof else { throw .noSuchSize(size: oldSize, ledgerSize: newSize) }
        return proof
    }

    /// The hash of a complete subtree.
    ///
    /// - Throws: `LedgerStoreError` where there is none, or it is damaged.
    public func node(_ node: MerkleNode) throws(LedgerStoreError) -> SHA256Digest {
        try hash(of: node)
    }

    private func checkSize(_ size: UInt64) throws(LedgerStoreError) {
        guard size <= self.size else {
            throw .noSuchSize(size: size, ledgerSize: self.size)
        }
    }

    /// The stored hash of a complete subtree; that of a leaf stands with its entry.
    func hash(of node: MerkleNode) throws(LedgerStoreError) -> SHA256Digest {
        guard let digest = try storedHash(of: node) else { throw .damagedNode(node) }
        return digest
    }

    /// The stored hash, or nil where there is none or it is not a hash.
    func storedHash(of node: MerkleNode) throws(LedgerStoreError) -> SHA256Digest? {
        guard let position = Int64(exactly: node.position) else { return nil }
        let statement =
            node.level == 0
            ? try database.prepare("SELECT leaf FROM entry WHERE idx = ?1")
            : try database.prepare("SELECT hash FROM node WHERE position = ?1 AND level = ?2")
        try statement.bind(1, position)
        if node.level > 0 { try statement.bind(2, Int64(node.level)) }
        guard try statement.step() else { return nil }
        return SHA256Digest(bytes: statement.bytes(0))
    }
}

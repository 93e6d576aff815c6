// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// Proof that a ledger only grew between two sizes: RFC 9162 section 2.1.4.
///
/// The RFC leaves the ends undefined. Here the proof is empty where the sizes are equal, and then the
/// roots must be; and it is empty for the old size 0, which every ledger extends.
public struct ConsistencyProof: Hashable, Sendable {
    /// The number of entries before.
    public let oldSize: UInt64
    /// The number of entries after.
    public let newSize: UInt64
    /// The hashes from which both roots are made.
    public let hashes: [SHA256Digest]

    /// Takes a proof as it was handed over; only ``verify(oldRoot:newRoot:)`` says whether it is one.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [SHA256Digest]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Makes the proof, or nil where `oldSize` is above `newSize`.
    ///
    /// - Throws: What `node` throws, which is asked for complete subtrees of the tree alone.
    public init?<Failure: Error>(
        oldSize: UInt64, newSize: UInt64, node: (MerkleNode) throws(Failure) -> SHA256Digest
    ) throws(Failure) {
        guard oldSize <= newSize else { return nil }
        var hashes: [SHA256Digest] = []
        if oldSize > 0 {
            var start: UInt64 = 0
            var count = newSize
            while oldSize - start < count {
                let split = MerkleTree.largestPowerOfTwo(below: count)
                if oldSize - start <= split {
                    hashes.append(
                        try MerkleTree.hash(from: start + split, count: count - split, node: node))
                    count = split
                } else {
                    hashes.append(try MerkleTree.hash(from: start, count: split, node: node))
                    start += split
                    count -= split
                }
            }
            // The old tree itself needs no hash where it is a whole subtree of the new: its root is
            // known to whoever asks.
            if start > 0 {
                hashes.append(try MerkleTree.hash(from: start, count: count, node: node))
            }
        }
        self.init(oldSize: oldSize, newSize: newSize, hashes: hashes.reversed())
    }

    /// Whether the proof leads to both roots; the steps are those of RFC 9162 section 2.1.4.2.
    public func verify(oldRoot: SHA256Digest, newRoot: SHA256Digest) -> Bool {
        guard oldSize <= newSize else { return false }
        if oldSize == newSize { return hashes.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return hashes.isEmpty && oldRoot == MerkleTree.emptyRoot }
        guard let walk = walk(from: oldRoot) else { return false }
        return walk.old == oldRoot && walk.new == newRoot
    }

    /// The growing edge of the old tree, all of which the proof holds; nil where the proof does not lead
    /// to both roots, or both sizes are equal.
    ///
    /// From there on the entries themselves show how the ledger grew.
    public func frontier(oldRoot: SHA256Digest, newRoot: SHA256Digest) -> MerkleFrontier? {
        guard oldSize < newSize, verify(oldRoot: oldRoot, newRoot: newRoot) else { return nil }
        guard oldSize > 0 else { return MerkleFrontier() }
        guard let walk = walk(from: oldRoot) else { return nil }
        return MerkleFrontier(size: oldSize, peaks: walk.peaks.reversed())
    }

    /// Goes up from the last complete subtree of the old tree; nil where the hashes are not as many as
    /// the way is long.
    private func walk(
        from oldRoot: SHA256Digest
    ) -> (old: SHA256Digest, new: SHA256Digest, peaks: [SHA256Digest])? {
        var path = oldSize - 1
        var edge = newSize - 1
        while path & 1 == 1 {
            path >>= 1
            edge >>= 1
        }
        // The old tree itself needs no hash where it is a whole subtree of the new.
        let isWholeSubtree = oldSize.nonzeroBitCount == 1
        guard let first = isWholeSubtree ? oldRoot : hashes.first else { return nil }
        var (old, new, peaks) = (first, first, [first])
        for hash in hashes.dropFirst(isWholeSubtree ? 0 : 1) {
            guard edge != 0 else { return nil }
            if path & 1 == 1 || path == edge {
                peaks.append(hash)
                old = MerkleTree.nodeHash(hash, old)
                new = MerkleTree.nodeHash(hash, new)
                while path & 1 == 0, path != 0 {
                    path >>= 1
                    edge >>= 1
                }
            } else {
                new = MerkleTree.nodeHash(new, hash)
            }
            path >>= 1
            edge >>= 1
        }
        return edge == 0 ? (old, new, peaks) : nil
    }
}

// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// Proof that an entry is the one at its place in a ledger of a given size: RFC 9162 section 2.1.3.
public struct InclusionProof: Hashable, Sendable {
    /// The entry's place, counted from 0.
    public let index: UInt64
    /// The number of entries that the root is over.
    public let size: UInt64
    /// The hashes of the siblings on the way from the leaf to the root.
    public let hashes: [SHA256Digest]

    /// Takes a proof as it was handed over; only ``verify(leaf:root:)`` says whether it is one.
    public init(index: UInt64, size: UInt64, hashes: [SHA256Digest]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Makes the proof, or nil where `index` is not below `size`.
    ///
    /// - Throws: What `node` throws, which is asked for complete subtrees of the tree alone.
    public init?<Failure: Error>(
        index: UInt64, size: UInt64, node: (MerkleNode) throws(Failure) -> SHA256Digest
    ) throws(Failure) {
        guard index < size else { return nil }
        var start: UInt64 = 0
        var count = size
        var siblings: [SHA256Digest] = []
        while count > 1 {
            let split = MerkleTree.largestPowerOfTwo(below: count)
            if index - start < split {
                siblings.append(
                    try MerkleTree.hash(from: start + split, count: count - split, node: node))
                count = split
            } else {
                siblings.append(try MerkleTree.hash(from: start, count: split, node: node))
                start += split
                count -= split
            }
        }
        self.init(index: index, size: size, hashes: siblings.reversed())
    }

    /// Whether the proof leads from `leaf` to `root`; the steps are those of RFC 9162 section 2.1.3.2.
    public func verify(leaf: SHA256Digest, root: SHA256Digest) -> Bool {
        guard index < size else { return false }
        var path = index
        var edge = size - 1
        var result = leaf
        for sibling in hashes {
            guard edge != 0 else { return false }
            if path & 1 == 1 || path == edge {
                result = MerkleTree.nodeHash(sibling, result)
                while path & 1 == 0, path != 0 {
                    path >>= 1
                    edge >>= 1
                }
            } else {
                result = MerkleTree.nodeHash(result, sibling)
            }
            path >>= 1
            edge >>= 1
        }
        return edge == 0 && result == root
    }
}

// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// The growing edge of a tree: as many hashes as its size has one-bits, enough to append and to tell
/// the root.
public struct MerkleFrontier: Hashable, Sendable {
    /// A subtree that an append completed, with its hash.
    public struct CompletedNode: Hashable, Sendable {
        /// The subtree's place.
        public let node: MerkleNode
        /// The subtree's hash.
        public let hash: SHA256Digest
    }

    /// The number of entries.
    public private(set) var size: UInt64
    /// The complete subtrees that the entries fall into, the largest first.
    private var peaks: [SHA256Digest]

    /// Begins with no entries.
    public init() {
        size = 0
        peaks = []
    }

    /// Takes up a tree of `size` entries where it stands.
    ///
    /// - Throws: What `node` throws, which is asked for one node for each one-bit of `size`.
    public init<Failure: Error>(
        size: UInt64, node: (MerkleNode) throws(Failure) -> SHA256Digest
    ) throws(Failure) {
        var peaks: [SHA256Digest] = []
        for level in stride(from: 63, through: 0, by: -1) where size >> UInt64(level) & 1 == 1 {
            let position = (size >> UInt64(level)) - 1
            peaks.append(try node(MerkleNode(level: level, position: position)))
        }
        self.size = size
        self.peaks = peaks
    }

    /// Takes up a tree of `size` entries by the subtrees that they fall into, the largest first; nil
    /// where there are more or fewer.
    public init?(size: UInt64, peaks: [SHA256Digest]) {
        guard peaks.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// Appends an entry by its leaf and returns the nodes that are complete with it, the leaf first.
    @discardableResult
    public mutating func append(_ leaf: SHA256Digest) -> [CompletedNode] {
        join(leaf, level: 0)
    }

    /// Appends a complete subtree over the next 2^level entries by its hash, and returns the nodes that
    /// are complete with it, the subtree first; nil where no such subtree begins at this size.
    public mutating func append(_ hash: SHA256Digest, level: Int) -> [CompletedNode]? {
        guard (0..<63).contains(level), size & (1 << UInt64(level) - 1) == 0 else { return nil }
        return join(hash, level: level)
    }

    /// The size is a multiple of 2^level.
    private mutating func join(_ hash: SHA256Digest, level: Int) -> [CompletedNode] {
        let count: UInt64 = 1 << UInt64(level)
        var level = level
        var hash = hash
        let node = MerkleNode(level: level, position: size >> UInt64(level))
        var completed = [CompletedNode(node: node, hash: hash)]
        while size >> UInt64(level) & 1 == 1, let left = peaks.popLast() {
            hash = MerkleTree.nodeHash(left, hash)
            level += 1
            let node = MerkleNode(level: level, position: size >> UInt64(level))
            completed.append(CompletedNode(node: node, hash: hash))
        }
        peaks.append(hash)
        size += count
        return completed
    }

    /// The root of the tree over all entries so far.
    public var root: SHA256Digest {
        guard let last = peaks.last else { return MerkleTree.emptyRoot }
        return peaks.dropLast().reversed().reduce(last) { MerkleTree.nodeHash($1, $0) }
    }
}

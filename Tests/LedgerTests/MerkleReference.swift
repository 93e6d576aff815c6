// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// RFC 6962 section 2.1 word for word, over lists of leaves: slow, and apart from the code under test.
enum MerkleReference {
    /// MTH(D[n]).
    static func root(_ leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
        guard let first = leaves.first else { return SHA256Digest(hashing: [UInt8]()) }
        guard leaves.count > 1 else { return first }
        let split = leaves.startIndex + largestPowerOfTwo(below: leaves.count)
        let left = root(leaves[..<split])
        let right = root(leaves[split...])
        return SHA256Digest(hashing: [1] + left.bytes + right.bytes)
    }

    /// PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<SHA256Digest>) -> [SHA256Digest] {
        guard leaves.count > 1 else { return [] }
        let k = largestPowerOfTwo(below: leaves.count)
        let split = leaves.startIndex + k
        return index < k
            ? path(index, leaves[..<split]) + [root(leaves[split...])]
            : path(index - k, leaves[split...]) + [root(leaves[..<split])]
    }

    /// PROOF(m, D[n]).
    static func proof(_ size: Int, _ leaves: ArraySlice<SHA256Digest>) -> [SHA256Digest] {
        subproof(size, leaves, true)
    }

    private static func subproof(
        _ size: Int, _ leaves: ArraySlice<SHA256Digest>, _ isKnown: Bool
    ) -> [SHA256Digest] {
        if size == leaves.count { return isKnown ? [] : [root(leaves)] }
        let k = largestPowerOfTwo(below: leaves.count)
        let split = leaves.startIndex + k
        return size <= k
            ? subproof(size, leaves[..<split], isKnown) + [root(leaves[split...])]
            : subproof(size - k, leaves[split...], false) + [root(leaves[..<split])]
    }

    private static func largestPowerOfTwo(below count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}

/// A tree in memory that keeps the nodes as a store does.
struct NodeTable {
    private(set) var frontier = MerkleFrontier()
    private(set) var leaves: [SHA256Digest] = []
    private var nodes: [MerkleNode: SHA256Digest] = [:]

    struct Missing: Error, Equatable {
        let node: MerkleNode
    }

    /// Leaves of unlike entries, as many as asked for.
    init(count: Int) {
        for number in 0..<count { append(MerkleTree.leafHash(of: Array("entry \(number)".utf8))) }
    }

    mutating func append(_ leaf: SHA256Digest) {
        leaves.append(leaf)
        for completed in frontier.append(leaf) { nodes[completed.node] = completed.hash }
    }

    func hash(_ node: MerkleNode) throws(Missing) -> SHA256Digest {
        guard let hash = nodes[node] else { throw Missing(node: node) }
        return hash
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto
import Testing

@Suite("proofs of inclusion and of consistency")
struct ProofTests {
    private let tree = NodeTable(count: 64)
    private let stranger = SHA256Digest(hashing: Array("stranger".utf8))

    private func root(_ size: Int) -> SHA256Digest {
        MerkleReference.root(tree.leaves[..<size])
    }

    /// The proof's hashes with one of them altered, each in turn; with one left out; with one more.
    private func forgeries(of hashes: [SHA256Digest]) -> [[SHA256Digest]] {
        var forgeries = [hashes + [stranger], [stranger] + hashes]
        for position in hashes.indices {
            var altered = hashes
            altered[position] = stranger
            forgeries.append(altered)
            altered.remove(at: position)
            forgeries.append(altered)
        }
        if hashes.count > 1 { forgeries.append(hashes.reversed()) }
        return forgeries
    }

    @Test("every entry of every size up to 64 has the RFC's path, and nothing else verifies")
    func inclusion() throws {
        for size in 1...64 {
            let root = root(size)
            for index in 0..<size {
                let proof = try #require(
                    try InclusionProof(index: UInt64(index), size: UInt64(size), node: tree.hash))
                #expect(proof.hashes == MerkleReference.path(index, tree.leaves[..<size]))
                let leaf = tree.leaves[index]
                #expect(proof.verify(leaf: leaf, root: root))
                #expect(!proof.verify(leaf: stranger, root: root))
                #expect(!proof.verify(leaf: leaf, root: stranger))
                for forgery in forgeries(of: proof.hashes) {
                    let forged = InclusionProof(
                        index: UInt64(index), size: UInt64(size), hashes: forgery)
                    #expect(!forged.verify(leaf: leaf, root: root))
                }
                for other in 0..<size + 2 where other != index {
                    let moved = InclusionProof(
                        index: UInt64(other), size: UInt64(size), hashes: proof.hashes)
                    #expect(!moved.verify(leaf: leaf, root: root))
                }
            }
            #expect(
                try InclusionProof(index: UInt64(size), size: UInt64(size), node: tree.hash) == nil)
        }
        #expect(try InclusionProof(index: 0, size: 0, node: tree.hash) == nil)
    }

    @Test("all sizes up to 64 are consistent by the RFC's proof, and nothing else verifies")
    func consistency() throws {
        for newSize in 0...64 {
            for oldSize in 0...newSize {
                let proof = try #require(
                    try ConsistencyProof(
                        oldSize: UInt64(oldSize), newSize: UInt64(newSize), node: tree.hash))
                let oldRoot = root(oldSize)
                let newRoot = root(newSize)
                #expect(proof.verify(oldRoot: oldRoot, newRoot: newRoot))
                #expect(!proof.verify(oldRoot: stranger, newRoot: newRoot))
                // Every ledger extends the empty one; there the new root is not looked at.
                if oldSize > 0 {
                    #expect(!proof.verify(oldRoot: oldRoot, newRoot: stranger))
                    let reference = MerkleReference.proof(oldSize, tree.leaves[..<newSize])
                    #expect(proof.hashes == reference)
                } else {
                    #expect(proof.hashes.isEmpty)
                }
                for forgery in forgeries(of: proof.hashes) {
                    let forged = ConsistencyProof(
                        oldSize: UInt64(oldSize), newSize: UInt64(newSize), hashes: forgery)
                    #expect(!forged.verify(oldRoot: oldRoot, newRoot: newRoot))
                }
            }
        }
        #expect(try ConsistencyProof(oldSize: 3, newSize: 2, node: tree.hash) == nil)
    }

    @Test("a ledger whose past was changed is not consistent with what it was")
    func changedPast() throws {
        for changed in 0..<20 {
            var other = NodeTable(count: 0)
            for index in 0..<33 { other.append(index == changed ? stranger : tree.leaves[index]) }
            let proof = try #require(
                try ConsistencyProof(oldSize: 20, newSize: 33, node: other.hash))
            #expect(!proof.verify(oldRoot: root(20), newRoot: other.frontier.root))
        }
    }

    @Test(
        "a hostile proof is refused at the ends of the number range",
        arguments: [0, 1, 2, 63, 64, 65, 1_000])
    func hostileProofs(count: Int) {
        let hashes = [SHA256Digest](repeating: stranger, count: count)
        let numbers: [UInt64] = [
            0, 1, 2, 3, 1 << 63 - 1, 1 << 63, 1 << 63 + 1, UInt64.max - 1, UInt64.max,
        ]
        let root = root(9)
        for first in numbers {
            for second in numbers {
                let inclusion = InclusionProof(index: first, size: second, hashes: hashes)
                #expect(!inclusion.verify(leaf: stranger, root: root))
                let consistency = ConsistencyProof(
                    oldSize: first, newSize: second, hashes: hashes)
                #expect(!consistency.verify(oldRoot: root, newRoot: stranger))
            }
        }
    }

    @Test("proofs for the largest sizes are made and verify")
    func largestSizes() throws {
        // A ledger of nothing but the same entry: all nodes of a level are alike.
        var levels = [stranger]
        for level in 0..<63 { levels.append(MerkleTree.nodeHash(levels[level], levels[level])) }
        let node = { (node: MerkleNode) in levels[node.level] }
        let root = MerkleTree.root(size: .max, node: node)
        let indices: [UInt64] = [0, 1 << 63 - 1, 1 << 63, .max - 1]
        for index in indices {
            let proof = try #require(InclusionProof(index: index, size: .max, node: node))
            #expect(proof.hashes.count <= 64)
            #expect(proof.verify(leaf: stranger, root: root))
            #expect(!proof.verify(leaf: root, root: root))
        }
        let oldSizes: [UInt64] = [1, 1 << 63 - 1, 1 << 63, 1 << 63 + 1, .max - 1, .max]
        for oldSize in oldSizes {
            let oldRoot = MerkleTree.root(size: oldSize, node: node)
            let proof = try #require(
                ConsistencyProof(oldSize: oldSize, newSize: .max, node: node))
            #expect(proof.verify(oldRoot: oldRoot, newRoot: root))
            #expect(!proof.verify(oldRoot: stranger, newRoot: root) || oldSize == 1)
        }
    }
}

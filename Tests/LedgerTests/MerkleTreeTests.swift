// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto
import Testing

@Suite("the tree over the entries")
struct MerkleTreeTests {
    /// The eight leaves of the reference implementation of RFC 6962, and the root after each.
    private static let published: [(entry: [UInt8], root: String)] = [
        ([], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ([0x00], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ([0x10], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ([0x20, 0x21], "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ([0x30, 0x31], "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (
            [0x40, 0x41, 0x42, 0x43],
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"
        ),
        (
            Array(0x50...0x57),
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
        ),
        (
            Array(0x60...0x6F),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        ),
    ]

    private static var publishedTree: NodeTable {
        published.reduce(into: NodeTable(count: 0)) {
            $0.append(MerkleTree.leafHash(of: $1.entry))
        }
    }

    @Test("the empty tree has the hash of nothing as its root")
    func emptyRoot() throws {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(MerkleTree.emptyRoot.hex == nothing)
        #expect(MerkleFrontier().root.hex == nothing)
        #expect(try MerkleTree.root(size: 0, node: NodeTable(count: 0).hash).hex == nothing)
    }

    @Test("the published roots come out after each of the published entries")
    func publishedRoots() throws {
        var frontier = MerkleFrontier()
        for (entry, root) in Self.published {
            frontier.append(MerkleTree.leafHash(of: entry))
            #expect(frontier.root.hex == root)
        }
        let tree = Self.publishedTree
        for size in 1...8 {
            let root = try MerkleTree.root(size: UInt64(size), node: tree.hash)
            #expect(root.hex == Self.published[size - 1].root)
        }
    }

    @Test(
        "the published paths come out and verify",
        arguments: [
            (0, 1, []),
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func publishedInclusion(index: Int, size: Int, path: [String]) throws {
        let tree = Self.publishedTree
        let proof = try #require(
            try InclusionProof(index: UInt64(index), size: UInt64(size), node: tree.hash))
        #expect(proof.hashes.map(\.hex) == path)
        let root = try #require(SHA256Digest(hex: Self.published[size - 1].root))
        #expect(proof.verify(leaf: tree.leaves[index], root: root))
    }

    @Test(
        "the published consistency proofs come out and verify",
        arguments: [
            (1, 1, []),
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func publishedConsistency(oldSize: Int, newSize: Int, hashes: [String]) throws {
        let proof = try #require(
            try ConsistencyProof(
                oldSize: UInt64(oldSize), newSize: UInt64(newSize), node: Self.publishedTree.hash))
        #expect(proof.hashes.map(\.hex) == hashes)
        let oldRoot = try #require(SHA256Digest(hex: Self.published[oldSize - 1].root))
        let newRoot = try #require(SHA256Digest(hex: Self.published[newSize - 1].root))
        #expect(proof.verify(oldRoot: oldRoot, newRoot: newRoot))
    }

    @Test("complete subtrees can be appended whole, where they begin")
    func frontierOfSubtrees() throws {
        let whole = NodeTable(count: 41)
        for level in 0...4 {
            var frontier = MerkleFrontier()
            let width: UInt64 = 1 << UInt64(level)
            while frontier.size + width <= 41 {
                let node = MerkleNode(level: level, position: frontier.size / width)
                let joined = frontier.append(try whole.hash(node), level: level)
                #expect(joined?.first?.node == node)
                for completed in joined ?? [] {
                    #expect(try completed.hash == whole.hash(completed.node))
                }
            }
            for leaf in whole.leaves[Int(frontier.size)...] { frontier.append(leaf) }
            #expect(frontier == whole.frontier)
        }
        var frontier = MerkleFrontier()
        frontier.append(whole.leaves[0])
        for level in [1, -1, 63] {
            let joined = frontier.append(whole.leaves[1], level: level)
            #expect(joined == nil)
        }
        let joined = frontier.append(whole.leaves[1], level: 0)
        #expect(joined?.count == 2)
    }

    @Test("the frontier, taken up at any size, goes on as if it had never stopped")
    func frontierResumes() throws {
        let whole = NodeTable(count: 64)
        for size in 0...64 {
            var frontier = try MerkleFrontier(size: UInt64(size), node: whole.hash)
            #expect(frontier.root == MerkleReference.root(whole.leaves[..<size]))
            #expect(try MerkleTree.root(size: UInt64(size), node: whole.hash) == frontier.root)
            for leaf in whole.leaves[size...] { frontier.append(leaf) }
            #expect(frontier == whole.frontier)
        }
    }

    @Test("an append completes the nodes that end with it, and each node once")
    func completedNodes() {
        var frontier = MerkleFrontier()
        var seen: Set<MerkleNode> = []
        for (index, leaf) in NodeTable(count: 64).leaves.enumerated() {
            for completed in frontier.append(leaf) {
                #expect(seen.insert(completed.node).inserted)
                #expect(completed.node.entries?.upperBound == UInt64(index))
                #expect(completed.node.isComplete(inSize: UInt64(index) + 1))
                #expect(!completed.node.isComplete(inSize: UInt64(index)))
            }
        }
        #expect(seen.count == 127)
    }

    @Test("a missing node is the caller's error, and no proof is made without it")
    func missingNode() {
        let tree = NodeTable(count: 5)
        #expect(throws: NodeTable.Missing(node: MerkleNode(level: 1, position: 2))) {
            try MerkleTree.root(size: 6, node: tree.hash)
        }
        #expect(throws: NodeTable.Missing(node: MerkleNode(level: 1, position: 2))) {
            try InclusionProof(index: 0, size: 6, node: tree.hash)
        }
        #expect(throws: NodeTable.Missing(node: MerkleNode(level: 0, position: 5))) {
            try ConsistencyProof(oldSize: 5, newSize: 6, node: tree.hash)
        }
        #expect(throws: NodeTable.Missing(node: MerkleNode(level: 1, position: 2))) {
            try MerkleFrontier(size: 7, node: tree.hash)
        }
    }

    @Test("roots and proofs of a large ledger read few nodes")
    func fewReads() {
        let size: UInt64 = 1_000_003
        var reads = 0
        let node = { (_: MerkleNode) in
            reads += 1
            return MerkleTree.emptyRoot
        }
        _ = MerkleTree.root(size: size, node: node)
        #expect(reads == size.nonzeroBitCount)
        reads = 0
        _ = InclusionProof(index: 1, size: size, node: node)
        #expect(reads <= 40)
        reads = 0
        _ = ConsistencyProof(oldSize: 654_321, newSize: size, node: node)
        #expect(reads <= 40)
    }

    @Test("a place that no node can have covers no entries and is never complete")
    func impossibleNodes() {
        #expect(MerkleNode(level: -1, position: 0).entries == nil)
        #expect(MerkleNode(level: 64, position: 0).entries == nil)
        #expect(MerkleNode(level: 63, position: 2).entries == nil)
        #expect(MerkleNode(level: 63, position: 1).entries == 1 << 63...UInt64.max)
        #expect(!MerkleNode(level: -1, position: 0).isComplete(inSize: .max))
        #expect(!MerkleNode(level: 64, position: 0).isComplete(inSize: .max))
        #expect(!MerkleNode(level: 63, position: 1).isComplete(inSize: .max))
        #expect(MerkleNode(level: 63, position: 0).isComplete(inSize: .max))
    }
}

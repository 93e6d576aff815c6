// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto
import Testing

@Suite("tiles of a ledger's tree")
struct LogTileTests {
    private func tiles(_ size: UInt64) -> [LogTile] {
        var tiles: [LogTile] = []
        LogTile.forEach(size: size) { tiles.append($0) }
        return tiles
    }

    @Test("the tiles of a size are those of C2SP's own example and of the sizes beside full tiles")
    func shapes() throws {
        let example = tiles(70_000)
        let leaves = example.filter { $0.level == 0 }
        #expect(leaves.count == 274)
        #expect(leaves.dropLast().allSatisfy { $0.width == 256 })
        #expect(leaves.last?.width == 112)
        #expect(example.filter { $0.level == 1 }.map(\.width) == [256, 17])
        #expect(example.filter { $0.level == 2 }.map(\.width) == [1])
        #expect(example.count == 277)

        #expect(tiles(0) == [])
        #expect(tiles(1).map(\.path) == ["tile/0/000.p/1"])
        #expect(tiles(255).map(\.path) == ["tile/0/000.p/255"])
        #expect(tiles(256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
        #expect(tiles(257).map(\.path) == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"])
    }

    @Test("paths have three digits a part, and an x before all parts but the last")
    func paths() throws {
        let tile = try #require(LogTile(level: 0, index: 1_234_067, size: .max))
        #expect(tile.path == "tile/0/x001/x234/067")
        #expect(tile.entriesPath == "entries/x001/x234/067")
        let last = try #require(LogTile(level: 0, index: 999, size: 999 * 256 + 13))
        #expect(last.path == "tile/0/999.p/13")
        #expect(LogTile(level: 0, index: 1_000, size: 999 * 256 + 13) == nil)
        #expect(LogTile(level: 0, index: 1, size: 256) == nil)
        #expect(LogTile(level: -1, index: 0, size: 1) == nil)
        #expect(LogTile(level: 7, index: 0, size: .max)?.width == 255)
        #expect(LogTile(level: 8, index: 0, size: .max) == nil)
    }

    @Test(
        "every node of a tree comes out of its tile, and every proof can be made from them",
        arguments: [1, 2, 3, 255, 256, 257, 511, 700])
    func nodes(size: Int) throws {
        let tree = NodeTable(count: size)
        let count = UInt64(size)
        var bytes: [LogTile: [UInt8]] = [:]
        for tile in tiles(count) {
            bytes[tile] = try tile.nodes.flatMap { try tree.hash($0).bytes }
            #expect(bytes[tile]?.count == tile.byteCount)
        }
        func hash(_ node: MerkleNode) throws -> SHA256Digest {
            let tile = try #require(LogTile(holding: node, size: count))
            let held = try #require(bytes[tile])
            return try #require(tile.hash(of: node, bytes: held))
        }
        for level in 0..<12 {
            var node = MerkleNode(level: level, position: 0)
            while node.isComplete(inSize: count) {
                #expect(try hash(node) == tree.hash(node))
                node = MerkleNode(level: level, position: node.position + 1)
            }
            #expect(LogTile(holding: node, size: count) == nil)
        }
        for old in Set([0, 1, size / 2, size - 1, size]) {
            let proof = try #require(
                try ConsistencyProof(oldSize: UInt64(old), newSize: count, node: hash))
            #expect(
                proof.verify(
                    oldRoot: MerkleReference.root(tree.leaves[..<old]),
                    newRoot: tree.frontier.root))
        }
    }

    @Test("a node that is not below the tile, and bytes of another number, give nothing")
    func foreign() throws {
        let tile = try #require(LogTile(level: 0, index: 1, size: 300))
        let bytes = [UInt8](repeating: 7, count: tile.byteCount)
        let first = MerkleNode(level: 0, position: 256)
        #expect(tile.hash(of: first, bytes: bytes) != nil)
        #expect(tile.hash(of: first, bytes: Array(bytes.dropLast())) == nil)
        #expect(tile.hash(of: first, bytes: bytes + [7]) == nil)
        for node in [
            MerkleNode(level: 0, position: 255), MerkleNode(level: 0, position: 300),
            MerkleNode(level: 8, position: 0), MerkleNode(level: 6, position: 4),
            MerkleNode(level: 0, position: .max), MerkleNode(level: 7, position: .max),
        ] {
            #expect(tile.hash(of: node, bytes: bytes) == nil, "\(node)")
        }
        #expect(LogTile(holding: MerkleNode(level: 64, position: 0), size: .max) == nil)
        #expect(LogTile(holding: MerkleNode(level: 63, position: 0), size: .max)?.level == 7)
    }
}

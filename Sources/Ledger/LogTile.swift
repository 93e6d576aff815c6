// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// A tile of the tree, as C2SP `tlog-tiles` cuts it: up to 256 hashes that stand side by side.
///
/// A tile of level 0 holds leaves; each hash of a tile of level *n* + 1 is the root over a full tile
/// of level *n*. From the tiles of a ledger every node of its tree can be made, and so every proof.
public struct LogTile: Hashable, Sendable {
    /// The number of hashes in a full tile.
    public static let fullWidth = 256
    /// How many levels of the tree one tile spans.
    public static let height = 8

    /// The level of the tile, 0 to 7.
    public let level: Int
    /// The place among the tiles of its level, counted from 0.
    public let index: UInt64
    /// The number of hashes, 1 to 256.
    public let width: Int

    /// The tile at a place, as it is in a ledger of `size` entries; nil where there is none.
    public init?(level: Int, index: UInt64, size: UInt64) {
        guard (0..<Self.height).contains(level) else { return nil }
        let hashes = size >> UInt64(Self.height * level)
        let full = hashes >> UInt64(Self.height)
        let width = index < full ? Self.fullWidth : Int(hashes & 0xFF)
        guard index <= full, width > 0 else { return nil }
        self.level = level
        self.index = index
        self.width = width
    }

    /// The tile whose hashes a node of the tree is made from; nil for a node that is not complete in a
    /// ledger of `size` entries.
    public init?(holding node: MerkleNode, size: UInt64) {
        guard node.isComplete(inSize: size) else { return nil }
        let first = node.position << UInt64(node.level % Self.height)
        self.init(
            level: node.level / Self.height, index: first >> UInt64(Self.height), size: size)
    }

    /// The number of bytes: 32 for each hash.
    public var byteCount: Int { width * SHA256Digest.length }

    /// The path in an export: `tile/0/x001/067`, and `tile/0/x001/067.p/13` for one that is not full.
    public var path: String { "tile/\(level)/\(Self.number(index, width: width))" }

    /// The path of the entries below a tile of level 0: `entries/x001/067`.
    public var entriesPath: String { "entries/\(Self.number(index, width: width))" }

    /// The nodes of the tree whose hashes the tile holds, in order.
    public var nodes: [MerkleNode] {
        (0..<UInt64(width)).map {
            MerkleNode(level: Self.height * level, position: index << UInt64(Self.height) + $0)
        }
    }

    /// The hash of a node below the tile, made from the tile's bytes; nil where it is not below, or
    /// where the bytes are not as many as the tile has.
    public func hash(of node: MerkleNode, bytes: [UInt8]) -> SHA256Digest? {
        guard bytes.count == byteCount, node.level / Self.height == level else { return nil }
        let span = UInt64(node.level % Self.height)
        let (last, overflow) = node.position.addingReportingOverflow(1)
        guard !overflow, last <= .max >> span else { return nil }
        let start = node.position << span
        let end = last << span
        let origin = index << UInt64(Self.height)
        guard start >= origin, end <= origin + UInt64(width) else { return nil }
        var hashes: [SHA256Digest] = []
        for place in (start - origin)..<(end - origin) {
            let offset = Int(place) * SHA256Digest.length
            guard
                let hash = SHA256Digest(bytes: Array(bytes[offset..<offset + SHA256Digest.length]))
            else { return nil }
            hashes.append(hash)
        }
        while hashes.count > 1 {
            hashes = stride(from: 0, to: hashes.count - 1, by: 2).map {
                MerkleTree.nodeHash(hashes[$0], hashes[$0 + 1])
            }
        }
        return hashes.first
    }

    /// Hands over every tile of a ledger of `size` entries, from this level upwards.
    ///
    /// - Throws: What `body` throws.
    public static func forEach<Failure: Error>(
        size: UInt64, from lowest: Int = 0, _ body: (LogTile) throws(Failure) -> Void
    ) throws(Failure) {
        for level in max(lowest, 0)..<max(lowest, height) {
            var index: UInt64 = 0
            while let tile = LogTile(level: level, index: index, size: size) {
                try body(tile)
                index += 1
            }
        }
    }

    /// The path of an entry's proof in an export: `proofs/x001/x234/067.tlog-proof`.
    public static func proofPath(of entry: UInt64) -> String {
        "proofs/\(number(entry, width: fullWidth)).tlog-proof"
    }

    /// A number as C2SP writes it in paths: three digits a part, `x` before all parts but the last.
    private static func number(_ index: UInt64, width: Int) -> String {
        var parts: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1_000)
            parts.append(String(repeating: "0", count: 3 - digits.utf8.count) + digits)
            rest /= 1_000
        } while rest > 0
        let path = parts.reversed().enumerated().map { place, part in
            place < parts.count - 1 ? "x" + part : part
        }
        return path.joined(separator: "/") + (width < fullWidth ? ".p/\(width)" : "")
    }
}

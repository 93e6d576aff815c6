// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// The hash tree over the entries of a ledger: RFC 6962 section 2.1, the same as RFC 9162 section 2.1.
///
/// The functions take their nodes from a closure, so that a caller reads from its store the few that
/// are needed: about twice the binary logarithm of the number of entries.
public enum MerkleTree {
    /// The root of the tree without entries: the SHA-256 of nothing.
    public static let emptyRoot = SHA256Digest(hashing: [])

    /// The leaf of an entry: SHA-256 of a zero byte and the entry's bytes.
    public static func leafHash(of bytes: [UInt8]) -> SHA256Digest {
        var message: [UInt8] = []
        message.reserveCapacity(1 + bytes.count)
        message.append(0x00)
        message += bytes
        return SHA256Digest(hashing: message)
    }

    /// The hash of an inner node: SHA-256 of a one byte and the hashes of both children.
    public static func nodeHash(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + 2 * SHA256Digest.length)
        bytes.append(0x01)
        left.append(to: &bytes)
        right.append(to: &bytes)
        return SHA256Digest(hashing: bytes)
    }

    /// The root of the tree over the first `size` entries.
    ///
    /// - Throws: What `node` throws, which is asked for complete subtrees of the tree alone.
    public static func root<Failure: Error>(
        size: UInt64, node: (MerkleNode) throws(Failure) -> SHA256Digest
    ) throws(Failure) -> SHA256Digest {
        guard size > 0 else { return emptyRoot }
        return try hash(from: 0, count: size, node: node)
    }

    /// The hash of the subtree over `count` entries from `start` on, at least one.
    ///
    /// `start` is a multiple of the smallest power of two that is not below `count`: the shape of
    /// every subtree that the RFC's definitions speak of.
    static func hash<Failure: Error>(
        from start: UInt64, count: UInt64, node: (MerkleNode) throws(Failure) -> SHA256Digest
    ) throws(Failure) -> SHA256Digest {
        if count.nonzeroBitCount == 1 {
            let level = count.trailingZeroBitCount
            return try node(MerkleNode(level: level, position: start >> UInt64(level)))
        }
        let split = largestPowerOfTwo(below: count)
        let left = try hash(from: start, count: split, node: node)
        return nodeHash(left, try hash(from: start + split, count: count - split, node: node))
    }

    /// The largest power of two that is smaller than `count`, which is at least 2.
    static func largestPowerOfTwo(below count: UInt64) -> UInt64 {
        let last = count &- 1
        return last == 0 ? 0 : 1 << UInt64(63 - last.leadingZeroBitCount)
    }
}

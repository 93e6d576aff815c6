// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// A SHA-256 in 32 bytes of its own, for tables of millions.
struct PackedDigest: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// Packs a digest.
    init(_ digest: SHA256Digest) {
        var words = SIMD4<UInt64>()
        for (place, byte) in digest.bytes.enumerated() {
            words[place / 8] = words[place / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// The digest; nil never, for 32 bytes went in.
    var digest: SHA256Digest? {
        var bytes: [UInt8] = []
        for place in 0..<SHA256Digest.length {
            bytes.append(
                UInt8(truncatingIfNeeded: words[place / 8] >> UInt64(56 - 8 * (place % 8))))
        }
        return SHA256Digest(bytes: bytes)
    }
}

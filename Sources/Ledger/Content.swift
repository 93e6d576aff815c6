// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// Bytes that an entry names by their SHA-256 and the ledger keeps beside it: a manifest, a request
/// as it came in, a signature.
public struct Content: Hashable, Sendable {
    /// The most bytes that a ledger keeps as one content: 16 MiB.
    public static let maximumBytes = 16 * 1_024 * 1_024

    /// The name: the SHA-256 of the bytes.
    public let digest: SHA256Digest
    /// The bytes themselves.
    public let bytes: [UInt8]

    /// Takes `bytes` and names them.
    public init(_ bytes: [UInt8]) {
        digest = SHA256Digest(hashing: bytes)
        self.bytes = bytes
    }
}

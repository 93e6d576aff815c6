// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// A revocation list to be published, byte for byte.
public struct RevocationListItem: Hashable, Sendable {
    /// Its version, one more than the last.
    public let version: UInt64
    /// The risk class.
    public let riskClass: String
    /// The list as OpenSSH reads it.
    public let bytes: [UInt8]

    /// The SHA-256 of the list.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// Makes the item of an encoded list.
    public init(version: UInt64, riskClass: String, bytes: [UInt8]) {
        self.version = version
        self.riskClass = riskClass
        self.bytes = bytes
    }
}

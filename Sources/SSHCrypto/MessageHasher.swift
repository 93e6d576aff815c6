// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// Hashes a message that comes in pieces, as a signature over it needs it; no part of it is kept.
public struct MessageHasher: ~Copyable {
    private var hasher: DigestHasher

    /// Starts with nothing hashed.
    public init(_ algorithm: SSHSIG.HashAlgorithm) {
        hasher = DigestHasher(algorithm.digest)
    }

    /// Adds `bytes` behind what has been hashed so far.
    public mutating func update(_ bytes: some Collection<UInt8>) { hasher.update(bytes) }

    /// Ends the hashing and gives the hash of all that was added, 32 or 64 bytes.
    public consuming func finish() -> [UInt8] { hasher.finish() }
}

extension SSHSIG.HashAlgorithm {
    /// The hash as libcrypto has it.
    var digest: DigestAlgorithm {
        switch self {
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }
}

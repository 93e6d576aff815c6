// SPDX-License-Identifier: Apache-2.0

/// Hashes with SHA-256 what comes in pieces.
public struct SHA256Hasher: ~Copyable {
    private var hasher = DigestHasher(.sha256)

    /// Starts with nothing hashed.
    public init() {}

    /// Adds `bytes` behind what has been hashed so far.
    public mutating func update(_ bytes: some Collection<UInt8>) { hasher.update(bytes) }

    /// Ends the hashing and gives the digest of all that was added.
    public consuming func finish() -> SHA256Digest { SHA256Digest(finished: hasher.finish()) }
}

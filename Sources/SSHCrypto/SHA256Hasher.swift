// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// Hashes with SHA-256 what comes in pieces.
@safe public struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Starts with nothing hashed.
    public init() {
        let algorithm = DigestAlgorithm.sha256
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex2(context, algorithm.pointer, nil) == 1
        else { failedHash(algorithm.name) }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds `bytes` behind what has been hashed so far.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ unsafe add($0) }) == nil {
            unsafe Array(bytes).withUnsafeBufferPointer { unsafe add($0) }
        }
    }

    /// Ends the hashing and gives the digest of all that was added.
    public consuming func finish() -> SHA256Digest { final() }

    private borrowing func final() -> SHA256Digest {
        let algorithm = DigestAlgorithm.sha256
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) {
            output, count in
            guard unsafe EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1 else {
                failedHash(algorithm.name)
            }
            count = algorithm.length
        }
        return SHA256Digest(finished: bytes)
    }

    private func add(_ buffer: UnsafeBufferPointer<UInt8>) {
        guard unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1 else {
            failedHash(DigestAlgorithm.sha256.name)
        }
    }
}

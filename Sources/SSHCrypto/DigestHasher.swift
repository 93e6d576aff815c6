// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// Hashes what comes in pieces.
@safe struct DigestHasher: ~Copyable {
    private let algorithm: DigestAlgorithm
    private let context: OpaquePointer

    /// Starts with nothing hashed.
    init(_ algorithm: DigestAlgorithm) {
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex2(context, algorithm.pointer, nil) == 1
        else { failedHash(algorithm.name) }
        self.algorithm = algorithm
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds `bytes` behind what has been hashed so far.
    mutating func update(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ unsafe add($0) }) == nil {
            unsafe Array(bytes).withUnsafeBufferPointer { unsafe add($0) }
        }
    }

    /// Ends the hashing and gives the digest of all that was added.
    consuming func finish() -> [UInt8] { final() }

    private borrowing func final() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { output, count in
            guard unsafe EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1 else {
                failedHash(algorithm.name)
            }
            count = algorithm.length
        }
    }

    private func add(_ buffer: UnsafeBufferPointer<UInt8>) {
        guard unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1 else {
            failedHash(algorithm.name)
        }
    }
}

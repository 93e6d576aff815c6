// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A hash function of libcrypto, fetched once and kept for the life of the process.
///
/// A fetched `EVP_MD` never changes and libcrypto counts its references under a lock, which is
/// what makes it safe to share.
@safe final class DigestAlgorithm: @unchecked Sendable {
    /// MD5, RFC 1321: for the fingerprints in old records, and for nothing else.
    static let md5 = DigestAlgorithm("MD5", length: 16)
    /// SHA-1, FIPS 180-4: for the hashes in old revocation lists, and for nothing else.
    static let sha1 = DigestAlgorithm("SHA1", length: 20)
    /// SHA-256, FIPS 180-4.
    static let sha256 = DigestAlgorithm("SHA2-256", length: 32)
    /// SHA-384, FIPS 180-4.
    static let sha384 = DigestAlgorithm("SHA2-384", length: 48)
    /// SHA-512, FIPS 180-4.
    static let sha512 = DigestAlgorithm("SHA2-512", length: 64)

    /// The name that libcrypto knows the function by.
    let name: String
    /// The length of a digest, in bytes.
    let length: Int
    /// The function itself; valid as long as this object.
    let pointer: OpaquePointer

    private init(_ name: String, length: Int) {
        let fetched = unsafe EVP_MD_fetch(LibraryContext.shared.pointer, name, nil)
        guard let fetched = unsafe fetched, unsafe EVP_MD_get_size(fetched) == length else {
            failedHash(name)
        }
        self.name = name
        self.length = length
        unsafe pointer = fetched
    }

    deinit { unsafe EVP_MD_free(pointer) }

    /// The digest of `bytes`.
    func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digest = bytes.withContiguousStorageIfAvailable { unsafe hash(buffer: $0) }
        return unsafe digest ?? Array(bytes).withUnsafeBufferPointer { unsafe hash(buffer: $0) }
    }

    /// Writes the digest of `bytes` into `output`, which has room for it.
    func hash(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let done = unsafe EVP_Digest(
            bytes.baseAddress, bytes.count, output.baseAddress, nil, pointer, nil)
        guard done == 1 else { failedHash(name) }
    }

    private func hash(buffer: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: length) { output, count in
            unsafe hash(buffer, into: output)
            count = length
        }
    }
}

/// Ends the process: libcrypto cannot hash.
///
/// No input brings this about, only a broken or exhausted system. A digest that might be wrong
/// must never be written into a ledger, and no caller could do better than to stop.
func failedHash(_ name: String) -> Never {
    fatalError("libcrypto cannot compute \(name)")
}

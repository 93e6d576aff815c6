// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A block cipher, one block at a time: what smart cards ask for to show that a key is known.
///
/// It protects no data: there is neither a mode nor a padding.
@safe public struct BlockCipher: ~Copyable {
    /// The ciphers that management keys of PIV cards are for.
    public enum Algorithm: String, CaseIterable, Hashable, Sendable {
        /// Triple DES with three keys, NIST SP 800-67.
        case tripleDES = "DES-EDE3-ECB"
        /// AES with a key of 128 bits, FIPS 197.
        case aes128 = "AES-128-ECB"
        /// AES with a key of 192 bits.
        case aes192 = "AES-192-ECB"
        /// AES with a key of 256 bits.
        case aes256 = "AES-256-ECB"

        /// The length of a key, in bytes.
        public var keyLength: Int {
            switch self {
            case .aes128: 16
            case .tripleDES, .aes192: 24
            case .aes256: 32
            }
        }

        /// The length of a block, in bytes.
        public var blockLength: Int { self == .tripleDES ? 8 : 16 }
    }

    private let algorithm: Algorithm
    private let encryption: OpaquePointer
    private let decryption: OpaquePointer

    /// Takes a key; libcrypto wipes its own copy when this value goes.
    ///
    /// - Throws: ``SSHCryptoError`` where the key has another length, or libcrypto lacks the cipher.
    public init(_ algorithm: Algorithm, key: RawSpan) throws(SSHCryptoError) {
        guard key.byteCount == algorithm.keyLength else {
            throw SSHCryptoError(
                .keyRefused(
                    "\(key.byteCount) bytes are no key of \(algorithm.rawValue), "
                        + "which has \(algorithm.keyLength)"))
        }
        let encryption = try unsafe Self.context(algorithm, key, encrypts: true)
        do throws(SSHCryptoError) {
            unsafe decryption = try Self.context(algorithm, key, encrypts: false)
        } catch {
            unsafe EVP_CIPHER_CTX_free(encryption)
            throw error
        }
        unsafe self.encryption = encryption
        self.algorithm = algorithm
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(encryption)
        unsafe EVP_CIPHER_CTX_free(decryption)
    }

    /// Encrypts exactly one block.
    ///
    /// - Throws: ``SSHCryptoError`` where the bytes are not one block.
    public borrowing func encrypt(_ block: [UInt8]) throws(SSHCryptoError) -> [UInt8] {
        try unsafe apply(encryption, block)
    }

    /// Decrypts exactly one block.
    ///
    /// - Throws: ``SSHCryptoError`` where the bytes are not one block.
    public borrowing func decrypt(_ block: [UInt8]) throws(SSHCryptoError) -> [UInt8] {
        try unsafe apply(decryption, block)
    }

    private static func context(
        _ algorithm: Algorithm, _ key: RawSpan, encrypts: Bool
    ) throws(SSHCryptoError) -> OpaquePointer {
        let mark = ErrorMark()
        let cipher = unsafe EVP_CIPHER_fetch(
            LibraryContext.shared.pointer, algorithm.rawValue, nil)
        guard let cipher = unsafe cipher else { throw mark.failure("EVP_CIPHER_fetch") }
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard let context = unsafe EVP_CIPHER_CTX_new() else {
            throw mark.failure("EVP_CIPHER_CTX_new")
        }
        let done = unsafe key.withUnsafeBytes { key in
            unsafe EVP_CipherInit_ex2(
                context, cipher, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                encrypts ? 1 : 0, nil)
        }
        guard done == 1, unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw mark.failure("EVP_CipherInit_ex2")
        }
        mark.forget()
        return unsafe context
    }

    private borrowing func apply(
        _ context: OpaquePointer, _ block: [UInt8]
    ) throws(SSHCryptoError) -> [UInt8] {
        guard block.count == algorithm.blockLength else {
            throw SSHCryptoError(
                .library("\(block.count) bytes are no block of \(algorithm.rawValue)"))
        }
        let mark = ErrorMark()
        var count: Int32 = 0
        let length = Int32(algorithm.blockLength)
        let result = unsafe [UInt8](unsafeUninitializedCapacity: block.count) { output, filled in
            let done = unsafe EVP_CipherUpdate(context, output.baseAddress, &count, block, length)
            filled = done == 1 && count == length ? block.count : 0
        }
        guard result.count == block.count else { throw mark.failure("EVP_CipherUpdate") }
        mark.forget()
        return result
    }
}

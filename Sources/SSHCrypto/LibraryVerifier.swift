// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The check of signatures by one key with one hash function, made ready once.
///
/// libcrypto looks for the methods of a key by their names each time that a check is set up, which
/// costs more than the copy of a context that has found them. The one that is copied is only read:
/// threads may share it.
@safe final class LibraryVerifier: @unchecked Sendable {
    private let ready: VerificationContext

    /// Makes checks ready for `key` and the hash function of this name; nil where the key's
    /// algorithm has its own.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto cannot verify so at all.
    init(_ key: LibraryKey, digest: String?) throws(SSHCryptoError) {
        ready = try VerificationContext()
        try ready.prepare(key, digest: digest)
    }

    /// Whether `signature`, in libcrypto's form, is the key's over `message`.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto cannot verify at all. That a signature is out of
    ///   form is no error but a no.
    func accepts(
        _ signature: [UInt8], over message: [UInt8]
    ) throws(SSHCryptoError) -> Bool {
        let context = try VerificationContext()
        try context.take(ready)
        return context.accepts(signature, over: message)
    }

    /// Whether `signature`, in libcrypto's form, is one by `key` over `message`: for a single one, of
    /// which nothing is kept.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto cannot verify at all.
    static func accepts(
        _ signature: [UInt8], over message: [UInt8], by key: LibraryKey, digest: String?
    ) throws(SSHCryptoError) -> Bool {
        let context = try VerificationContext()
        try context.prepare(key, digest: digest)
        return context.accepts(signature, over: message)
    }
}

/// The state of one check in libcrypto; the key lives as long.
@safe private struct VerificationContext: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(SSHCryptoError) {
        let mark = ErrorMark()
        guard let pointer = unsafe EVP_MD_CTX_new() else { throw mark.failure("EVP_MD_CTX_new") }
        mark.forget()
        unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_MD_CTX_free(pointer) }

    /// Sets up the check; RSA is verified with PKCS#1 v1.5 padding.
    func prepare(_ key: LibraryKey, digest: String?) throws(SSHCryptoError) {
        let mark = ErrorMark()
        // Owned by `pointer`.
        var keyContext: OpaquePointer?
        let ready = unsafe EVP_DigestVerifyInit_ex(
            pointer, &keyContext, digest, LibraryContext.shared.pointer, nil, key.pointer, nil)
        guard ready == 1 else { throw mark.failure("EVP_DigestVerifyInit_ex") }
        if unsafe EVP_PKEY_get_base_id(key.pointer) == EVP_PKEY_RSA,
            unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PADDING) != 1
        {
            throw mark.failure("EVP_PKEY_CTX_set_rsa_padding")
        }
        mark.forget()
    }

    /// Takes over what another context was set up for.
    func take(_ other: borrowing Self) throws(SSHCryptoError) {
        let mark = ErrorMark()
        guard unsafe EVP_MD_CTX_copy_ex(pointer, other.pointer) == 1 else {
            throw mark.failure("EVP_MD_CTX_copy_ex")
        }
        mark.forget()
    }

    /// Carries the check out, once.
    func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        let mark = ErrorMark()
        defer { mark.forget() }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    pointer, signature.baseAddress, signature.count, message.baseAddress,
                    message.count)
            }
        } == 1
    }
}

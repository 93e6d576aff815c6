// SPDX-License-Identifier: Apache-2.0
import COpenSSL

extension LibraryKey {
    /// Whether `signature`, in libcrypto's form, is this key's over `message`.
    ///
    /// RSA is verified with PKCS#1 v1.5 padding.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto cannot verify at all. That a signature is out of
    ///   form is no error but a no.
    func hasSigned(
        _ message: [UInt8], digest: String?, _ signature: [UInt8]
    ) throws(SSHCryptoError) -> Bool {
        let mark = ErrorMark()
        guard let context = unsafe EVP_MD_CTX_new() else { throw mark.failure("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        // Owned by `context`.
        var keyContext: OpaquePointer?
        let ready = unsafe EVP_DigestVerifyInit_ex(
            context, &keyContext, digest, LibraryContext.shared.pointer, nil, pointer, nil)
        guard ready == 1 else { throw mark.failure("EVP_DigestVerifyInit_ex") }
        if unsafe EVP_PKEY_get_base_id(pointer) == EVP_PKEY_RSA,
            unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PADDING) != 1
        {
            throw mark.failure("EVP_PKEY_CTX_set_rsa_padding")
        }
        let verdict = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    context, signature.baseAddress, signature.count, message.baseAddress,
                    message.count)
            }
        }
        mark.forget()
        return verdict == 1
    }
}

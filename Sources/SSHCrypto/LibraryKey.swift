// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHFormats

/// A public key as libcrypto holds it.
///
/// Once made, an `EVP_PKEY` is only read, and libcrypto guards its reference count and the caches
/// behind it by locks: it may be shared by threads.
@safe final class LibraryKey: @unchecked Sendable {
    /// The key itself; valid as long as this object.
    let pointer: OpaquePointer

    /// Makes the key of `material`.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto does not take its numbers.
    convenience init(_ material: PublicKey.Material) throws(SSHCryptoError) {
        switch material {
        case .rsa(let exponent, let modulus):
            var parameters = KeyParameters()
            parameters.add("n", number: modulus)
            parameters.add("e", number: exponent)
            try self.init(type: "RSA", parameters)
        case .ecdsa(let curve, let point):
            try self.init(curve, point: point)
        case .skECDSA(let point, _):
            try self.init(.p256, point: point)
        case .ed25519(let key), .skEd25519(let key, _):
            var parameters = KeyParameters()
            parameters.add("pub", octets: key)
            try self.init(type: "ED25519", parameters)
        case .mldsa44Ed25519:
            throw SSHCryptoError(.unsupportedKind(material.kind.rawValue))
        }
    }

    /// Makes the ECDSA key of an uncompressed point of `curve`.
    ///
    /// - Throws: ``SSHCryptoError`` where the point is not on the curve.
    convenience init(_ curve: EllipticCurve, point: [UInt8]) throws(SSHCryptoError) {
        var parameters = KeyParameters()
        let group =
            switch curve {
            case .p256: "P-256"
            case .p384: "P-384"
            case .p521: "P-521"
            }
        parameters.add("group", text: group)
        parameters.add("pub", octets: point)
        try self.init(type: "EC", parameters)
    }

    private init(
        type: String, _ parameters: consuming KeyParameters
    ) throws(SSHCryptoError) {
        let mark = ErrorMark()
        let context = unsafe EVP_PKEY_CTX_new_from_name(LibraryContext.shared.pointer, type, nil)
        guard let context = unsafe context else { throw mark.failure("EVP_PKEY_CTX_new_from_name") }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_fromdata_init(context) == 1 else {
            throw mark.failure("EVP_PKEY_fromdata_init")
        }
        var key: OpaquePointer?
        let made = unsafe parameters.withPointer {
            unsafe EVP_PKEY_fromdata(context, &key, publicKeySelection, $0)
        }
        guard made == 1, let key = unsafe key else { throw mark.failure("EVP_PKEY_fromdata") }
        unsafe pointer = key
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// Whether the public point of an ECDSA key is on its curve, of the curve's order, and not
    /// the point at infinity.
    var isPointOfItsCurve: Bool {
        let mark = ErrorMark()
        defer { mark.forget() }
        let context = unsafe EVP_PKEY_CTX_new_from_pkey(
            LibraryContext.shared.pointer, pointer, nil)
        guard let context = unsafe context else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_public_check(context) == 1
    }
}

/// `EVP_PKEY_PUBLIC_KEY`, a macro of macros that Swift does not see.
private let publicKeySelection =
    OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY

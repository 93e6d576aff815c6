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
            try self.init(.rsa, parameters)
        case .ecdsa(let curve, let point):
            try self.init(curve, point: point)
        case .skECDSA(let point, _):
            try self.init(.p256, point: point)
        case .ed25519(let key), .skEd25519(let key, _):
            var parameters = KeyParameters()
            parameters.add("pub", octets: key)
            try self.init(.ed25519, parameters)
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
        try self.init(.ec, parameters)
    }

    private init(
        _ type: KeyType, _ parameters: consuming KeyParameters
    ) throws(SSHCryptoError) {
        unsafe pointer = try type.maker.get().key(of: &parameters)
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

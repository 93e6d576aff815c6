// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHFormats

/// A CA key on P-256 in libcrypto, for homes that no token need be asked for.
final class CurveKey {
    /// A call of libcrypto that failed.
    struct Failure: Error {}

    /// The public half.
    let publicKey: PublicKey
    private let key: OpaquePointer

    /// Makes a key.
    convenience init() throws {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else { throw Failure() }
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
            EVP_PKEY_keygen(context, &made) == 1, let made
        else { throw Failure() }
        try self.init(taking: made)
    }

    /// Reads a key that was kept.
    convenience init(der: [UInt8]) throws {
        let read = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_PrivateKey(EVP_PKEY_EC, nil, &next, bytes.count)
        }
        guard let read else { throw Failure() }
        try self.init(taking: read)
    }

    private init(taking key: OpaquePointer) throws {
        self.key = key
        var point = [UInt8](repeating: 0, count: 65)
        var length = 0
        guard
            EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", &point, 65, &length) == 1,
            length == 65
        else { throw Failure() }
        publicKey = try PublicKey(.ecdsa(.p256, point: point))
    }

    /// The key, to be kept.
    var der: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, Int(i2d_PrivateKey(key, nil)))) {
            bytes, count in
            var next = bytes.baseAddress
            count = max(0, Int(i2d_PrivateKey(key, &next)))
        }
    }

    deinit { EVP_PKEY_free(key) }

    /// Signs `message`.
    func sign(_ message: [UInt8]) throws -> Signature {
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        guard let context = EVP_MD_CTX_new() else { throw Failure() }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw Failure() }
        // DER: a sequence of two integers.
        let first = Int(signature[3])
        let second = Int(signature[5 + first])
        let r = signature[4..<(4 + first)].drop { $0 == 0 }
        let s = signature[(6 + first)..<(6 + first + second)].drop { $0 == 0 }
        return try Signature(
            algorithm: .ecdsaP256, value: .ecdsa(r: Array(r), s: Array(s)))
    }
}

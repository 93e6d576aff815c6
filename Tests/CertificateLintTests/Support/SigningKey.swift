// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHCrypto
import SSHFormats

/// A private key in libcrypto, to sign certificates that no honest authority would.
final class SigningKey: @unchecked Sendable {
    struct Failure: Error { let call: String }

    let publicKey: PublicKey
    private let key: OpaquePointer

    /// An Ed25519 key, the same for the same name.
    init(ed25519 name: String) throws {
        let seed = SHA256Digest(hashing: Array(name.utf8)).bytes
        guard let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
        else { throw Failure(call: "raw private key") }
        var point = [UInt8](repeating: 0, count: 32)
        var length = point.count
        guard EVP_PKEY_get_raw_public_key(key, &point, &length) == 1 else {
            throw Failure(call: "raw public key")
        }
        self.key = key
        publicKey = try PublicKey(.ed25519(point))
    }

    /// A new ECDSA key.
    init(_ curve: EllipticCurve) throws {
        let name =
            switch curve {
            case .p256: "P-256"
            case .p384: "P-384"
            case .p521: "P-521"
            }
        guard let key = Self.generate("EC", "group", name) else { throw Failure(call: "EC") }
        var point = [UInt8](repeating: 0, count: 2 * curve.coordinateLength + 1)
        var length = 0
        guard
            EVP_PKEY_get_octet_string_param(key, "pub", &point, point.count, &length) == 1,
            length == point.count
        else { throw Failure(call: "pub") }
        self.key = key
        publicKey = try PublicKey(.ecdsa(curve, point: point))
    }

    /// A new RSA key.
    init(rsaBits bits: Int) throws {
        guard let key = Self.generate("RSA", bits: bits) else { throw Failure(call: "RSA") }
        self.key = key
        publicKey = try PublicKey(
            .rsa(exponent: Self.number("e", of: key), modulus: Self.number("n", of: key)))
    }

    deinit { EVP_PKEY_free(key) }

    /// The raw signature over bytes: DER for ECDSA.
    func sign(_ message: [UInt8], digest: String? = nil) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw Failure(call: "context") }
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        guard EVP_DigestSignInit_ex(context, nil, digest, nil, nil, key, nil) == 1,
            EVP_DigestSign(context, nil, &length, message, message.count) == 1
        else { throw Failure(call: "sign") }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw Failure(call: "sign")
        }
        return Array(signature.prefix(length))
    }

    /// The wire encoding of a signature over bytes.
    func signature(_ message: [UInt8]) throws -> [UInt8] {
        switch publicKey.kind {
        case .rsa:
            return packed("rsa-sha2-512") + string(try sign(message, digest: "SHA512"))
        case .ed25519: return packed("ssh-ed25519") + string(try sign(message))
        default:
            let (r, s) = try numbers(message)
            var writer = WireWriter()
            writer.positiveInteger(r)
            writer.positiveInteger(s)
            return packed(publicKey.kind.rawValue) + string(writer.bytes)
        }
    }

    /// The two numbers of an ECDSA signature.
    func numbers(_ message: [UInt8]) throws -> (r: [UInt8], s: [UInt8]) {
        let digest = publicKey.kind == .ecdsaP256 ? "SHA256" : "SHA512"
        let der = try sign(message, digest: digest)
        var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
        var found: [[UInt8]] = []
        while rest.count > 2 {
            let length = Int(rest[rest.startIndex + 1])
            found.append(Array(rest.dropFirst(2).prefix(length).drop { $0 == 0 }))
            rest = rest.dropFirst(2 + length)
        }
        guard found.count == 2 else { throw Failure(call: "DER") }
        return (found[0], found[1])
    }

    private static func generate(_ type: String, _ name: String, _ value: String)
        -> OpaquePointer?
    {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_group_name(context, value) == 1
        else { return nil }
        var key: OpaquePointer?
        guard EVP_PKEY_generate(context, &key) == 1 else { return nil }
        return key
    }

    private static func generate(_ type: String, bits: Int) -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1
        else { return nil }
        var key: OpaquePointer?
        guard EVP_PKEY_generate(context, &key) == 1 else { return nil }
        return key
    }

    private static func number(_ name: String, of key: OpaquePointer) throws -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { throw Failure(call: name) }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }
}

/// A string of the wire.
func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var writer = WireWriter()
    writer.string(bytes)
    return writer.bytes
}

/// Texts as strings of the wire, one after the other.
func packed(_ texts: String...) -> [UInt8] { texts.flatMap { string(Array($0.utf8)) } }

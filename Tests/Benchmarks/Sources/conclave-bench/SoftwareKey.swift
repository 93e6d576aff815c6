// SPDX-License-Identifier: Apache-2.0
import CBenchmarks
import SSHCrypto
import SSHFormats

/// A key in libcrypto.
final class SoftwareKey: @unchecked Sendable {
    /// The key as libcrypto holds it; only read, so that threads may share it.
    let pointer: OpaquePointer
    /// The digest that its signatures are over; nil where the algorithm has its own.
    private let digest: String?

    private init(_ pointer: OpaquePointer?, digest: String? = nil) throws {
        guard let pointer else { throw Failure("libcrypto makes no key") }
        self.pointer = pointer
        self.digest = digest
    }

    /// Makes the Ed25519 key pair of this name, the same each time.
    convenience init(_ name: String) throws {
        let seed = SHA256Digest(hashing: Array(name.utf8)).bytes
        try self.init(EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count))
    }

    /// Takes the public half of an Ed25519 key alone.
    convenience init(rawPublicKey octets: [UInt8]) throws {
        try self.init(EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, octets, octets.count))
    }

    /// Makes a key pair on the curve P-256, another one each time.
    static func curve() throws -> SoftwareKey {
        var key: OpaquePointer?
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
            throw Failure("libcrypto knows no curves")
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &key) == 1
        else { throw Failure("libcrypto makes no key") }
        return try SoftwareKey(key, digest: "SHA256")
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The public half of an Ed25519 key, as 32 octets.
    func rawPublicKey() throws -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 32)
        var length = point.count
        guard EVP_PKEY_get_raw_public_key(pointer, &point, &length) == 1 else {
            throw Failure("libcrypto does not give the key")
        }
        return point
    }

    /// The public half of an Ed25519 key, as SSH has it.
    func publicKey() throws -> PublicKey { try PublicKey(.ed25519(rawPublicKey())) }

    /// Signs `message`; as libcrypto encodes a signature.
    func signature(over message: [UInt8]) throws -> [UInt8] {
        let context = try DigestContext()
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        guard EVP_DigestSignInit_ex(context.pointer, nil, digest, nil, nil, pointer, nil) == 1,
            EVP_DigestSign(context.pointer, &signature, &length, message, message.count) == 1
        else { throw Failure("libcrypto does not sign") }
        return Array(signature.prefix(length))
    }

    /// Signs `message` by an Ed25519 key, as SSH has it.
    func sign(_ message: [UInt8]) throws -> Signature {
        try Signature(algorithm: .ed25519, value: .ed25519(signature(over: message)))
    }

    /// A context that is ready to verify signatures by this key, one after the other.
    func verifier() throws -> DigestContext {
        let context = try DigestContext()
        guard EVP_DigestVerifyInit_ex(context.pointer, nil, digest, nil, nil, pointer, nil) == 1
        else {
            throw Failure("libcrypto does not verify")
        }
        return context
    }
}

/// The state of an operation of libcrypto.
struct DigestContext: ~Copyable {
    /// The context itself.
    let pointer: OpaquePointer

    /// Makes a context for nothing yet.
    init() throws {
        guard let context = EVP_MD_CTX_new() else { throw Failure("libcrypto has no memory") }
        pointer = context
    }

    deinit { EVP_MD_CTX_free(pointer) }

    /// Whether `signature` is genuine, by libcrypto and nothing else.
    func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        EVP_DigestVerifyInit_ex(pointer, nil, nil, nil, nil, nil, nil) == 1
            && EVP_DigestVerify(pointer, signature, signature.count, message, message.count) == 1
    }
}

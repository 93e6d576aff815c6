// SPDX-License-Identifier: Apache-2.0
import CBenchmarks
import SSHCrypto
import SSHFormats

/// An Ed25519 key pair in libcrypto, the same for the same name.
final class SoftwareKey: @unchecked Sendable {
    /// The public half.
    let publicKey: PublicKey
    /// The key as libcrypto holds it; only read, so that threads may share it.
    let pointer: OpaquePointer

    /// Makes the key of this name.
    init(_ name: String) throws {
        let seed = SHA256Digest(hashing: Array(name.utf8)).bytes
        var point = [UInt8](repeating: 0, count: 32)
        var length = point.count
        guard let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count),
            EVP_PKEY_get_raw_public_key(key, &point, &length) == 1
        else { throw Failure("libcrypto makes no key") }
        pointer = key
        publicKey = try PublicKey(.ed25519(point))
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Signs `message`.
    func sign(_ message: [UInt8]) throws -> Signature {
        let context = try DigestContext()
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        guard EVP_DigestSignInit_ex(context.pointer, nil, nil, nil, nil, pointer, nil) == 1,
            EVP_DigestSign(context.pointer, &signature, &length, message, message.count) == 1
        else { throw Failure("libcrypto does not sign") }
        return try Signature(algorithm: .ed25519, value: .ed25519(signature))
    }

    /// A context that is ready to verify signatures by this key, one after the other.
    func verifier() throws -> DigestContext {
        let context = try DigestContext()
        guard EVP_DigestVerifyInit_ex(context.pointer, nil, nil, nil, nil, pointer, nil) == 1 else {
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

// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHFormats
import Testing

@testable import SSHCrypto

@Suite("The quick check of Ed25519 signatures")
struct Ed25519VerifierTests {
    @Test("says of every signature with a changed bit what libcrypto says")
    func changed() throws {
        let signer = try Ed25519Signer()
        let message = Array("text".utf8)
        let signature = try signer.signature(over: message)
        let library = try LibraryKey(.ed25519(signer.key))
        #expect(Ed25519Verifier.accepts(signature, over: message, by: signer.key))
        for bit in 0..<512 {
            let forged = signature.turning(bit: bit)
            #expect(!Ed25519Verifier.accepts(forged, over: message, by: signer.key))
            #expect(
                try !LibraryVerifier.accepts(forged, over: message, by: library, digest: nil))
        }
        for bit in 0..<256 {
            #expect(
                !Ed25519Verifier.accepts(
                    signature, over: message, by: signer.key.turning(bit: bit)))
        }
        #expect(!Ed25519Verifier.accepts(signature, over: message + [0], by: signer.key))
    }

    @Test("refuses signatures and keys of another length")
    func lengths() throws {
        let signer = try Ed25519Signer()
        let signature = try signer.signature(over: [])
        #expect(Ed25519Verifier.accepts(signature, over: [], by: signer.key))
        for wrong in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(!Ed25519Verifier.accepts(wrong, over: [], by: signer.key))
        }
        for wrong in [[], Array(signer.key.dropLast()), signer.key + [0]] {
            #expect(!Ed25519Verifier.accepts(signature, over: [], by: wrong))
        }
    }

    @Test("leaves to libcrypto what OpenSSH takes: a signature whose point is of small order")
    func smallOrder() throws {
        let openSSH = try OpenSSH()
        let signer = try Ed25519Signer()
        let publicKey = try PublicKey(.ed25519(signer.key))
        let message = Array("text".utf8)
        let signed = SSHSIG.signedData(
            namespace: "file", hashAlgorithm: .sha512, messageHash: sha512(message))
        let octets = try signer.unusualSignature(over: signed)
        #expect(!Ed25519Verifier.accepts(octets, over: signed, by: signer.key))
        let signature = try Signature(algorithm: .ed25519, value: .ed25519(octets))
        let sshsig = try SSHSIG(
            publicKey: publicKey, namespace: "file", hashAlgorithm: .sha512, signature: signature)
        #expect(
            try openSSH.checks(sshsig.armored, over: message, namespace: "file", name: "unusual"))
        try VerificationKey(publicKey).verify(signature, over: signed)
        try sshsig.verify(message: message, namespace: "file")
        let changed = try Signature(
            algorithm: .ed25519, value: .ed25519(octets.turning(bit: 300)))
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try VerificationKey(publicKey).verify(changed, over: signed)
        }
    }
}

/// An Ed25519 key whose secret is at hand.
private struct Ed25519Signer {
    struct Failure: Error {}

    /// The 32 bytes of the public key.
    let key: [UInt8]
    private let seed: [UInt8]

    init() throws {
        seed = (0..<32).map { _ in UInt8.random(in: 0...255) }
        var key = [UInt8](repeating: 0, count: 32)
        var length = key.count
        try Self.withKey(of: seed) { pointer in
            guard EVP_PKEY_get_raw_public_key(pointer, &key, &length) == 1 else { throw Failure() }
        }
        self.key = key
    }

    /// The signature that RFC 8032 section 5.1.6 lays down, by libcrypto.
    func signature(over message: [UInt8]) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        try Self.withKey(of: seed) { pointer in
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestSignInit(context, nil, nil, nil, pointer) == 1,
                EVP_DigestSign(context, &signature, &length, message, message.count) == 1
            else { throw Failure() }
        }
        return signature
    }

    /// A signature with the nonce 0: its point is the neutral one, and its number that of the key times
    /// the hash of point, key and message.
    func unusualSignature(over message: [UInt8]) throws -> [UInt8] {
        let point = [1] + [UInt8](repeating: 0, count: 31)
        var secret = Array(sha512(seed).prefix(32))
        secret[0] &= 0xF8
        secret[31] = secret[31] & 0x7F | 0x40
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let hash = sha512(point + key + message)
        guard let context = BN_CTX_new() else { throw Failure() }
        defer { BN_CTX_free(context) }
        let numbers: [OpaquePointer?] = [secret, order, hash].map { (number: [UInt8]) in
            BN_lebin2bn(number, Int32(number.count), nil)
        }
        let product = BN_new()
        defer {
            for number in numbers + [product] { BN_free(number) }
        }
        var number = [UInt8](repeating: 0, count: 32)
        guard BN_mod_mul(product, numbers[0], numbers[2], numbers[1], context) == 1,
            BN_bn2lebinpad(product, &number, 32) == 32
        else { throw Failure() }
        return point + number
    }

    private static func withKey(
        of seed: [UInt8], _ body: (OpaquePointer) throws -> Void
    ) throws {
        guard
            let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw Failure() }
        defer { EVP_PKEY_free(pointer) }
        try body(pointer)
    }
}

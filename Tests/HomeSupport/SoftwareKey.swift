// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHCrypto
import SSHFormats

/// An Ed25519 key pair in libcrypto, the same for the same name: officers, requesters and CAs.
public final class SoftwareKey: Sendable {
    /// A call of libcrypto that failed, which fails the test.
    public struct Failure: Error {}

    /// The public half.
    public let publicKey: PublicKey
    private let seed: [UInt8]

    /// Makes the key of this name.
    public convenience init(_ name: String) throws {
        try self.init(seed: SHA256Digest(hashing: Array(name.utf8)).bytes, application: nil)
    }

    /// Makes the key of this name in a FIDO token made of software.
    public convenience init(securityKey name: String) throws {
        try self.init(seed: SHA256Digest(hashing: Array(name.utf8)).bytes, application: "ssh:")
    }

    private init(seed: [UInt8], application: String?) throws {
        self.seed = seed
        var point = [UInt8](repeating: 0, count: 32)
        var length = point.count
        try Self.with(seed) { key in
            guard EVP_PKEY_get_raw_public_key(key, &point, &length) == 1, length == 32 else {
                throw Failure()
            }
        }
        publicKey = try PublicKey(
            application.map { .skEd25519(point, application: $0) } ?? .ed25519(point))
    }

    /// Signs `message`; a FIDO key as one that was touched, or not.
    public func sign(_ message: [UInt8], touched: Bool = true) throws -> Signature {
        guard case .skEd25519(_, let application) = publicKey.material else {
            return try Signature(algorithm: .ed25519, value: .ed25519(raw(message)))
        }
        let flags: UInt8 = touched ? 1 : 0
        let signed =
            SHA256Digest(hashing: Array(application.utf8)).bytes + [flags, 0, 0, 0, 9]
            + SHA256Digest(hashing: message).bytes
        return try Signature(
            algorithm: .skEd25519, value: .ed25519(raw(signed)),
            securityKey: SecurityKeyAssertion(flags: flags, counter: 9))
    }

    /// The armored SSHSIG over `message` under `namespace`.
    public func seal(
        _ message: [UInt8], namespace: String, touched: Bool = true
    ) throws -> [UInt8] {
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        let signature = try SSHSIG(
            publicKey: publicKey, namespace: namespace, hashAlgorithm: .sha512,
            signature: sign(data, touched: touched))
        return Array(signature.armored.utf8)
    }

    /// The armored SSHSIG over `message` under `namespace`, with a certificate by `authority` in place
    /// of the key.
    public func seal(
        _ message: [UInt8], namespace: String, certifiedBy authority: SoftwareKey
    ) throws -> [UInt8] {
        let toBeSigned = try CertificateFields(
            nonce: [UInt8](repeating: 7, count: 32), publicKey: publicKey, serial: 1, kind: .user,
            keyID: "any", validPrincipals: ["any"], validAfter: 0, validBefore: .max,
            criticalOptions: [], extensions: [], signatureKey: authority.publicKey
        ).toBeSigned()
        let certificate = try Certificate(
            toBeSigned: toBeSigned, signature: authority.sign(toBeSigned))
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        let signature = try SSHSIG(
            signer: .certificate(certificate), namespace: namespace, hashAlgorithm: .sha512,
            signature: sign(data))
        return Array(signature.armored.utf8)
    }

    private func raw(_ message: [UInt8]) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        try Self.with(seed) { key in
            guard let context = EVP_MD_CTX_new() else { throw Failure() }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1,
                EVP_DigestSign(context, &signature, &length, message, message.count) == 1
            else { throw Failure() }
        }
        return signature
    }

    private static func with(
        _ seed: [UInt8], _ body: (OpaquePointer) throws -> Void
    ) throws {
        guard let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
        else { throw Failure() }
        defer { EVP_PKEY_free(key) }
        try body(key)
    }
}

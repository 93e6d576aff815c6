// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import SSHFormats

/// A public key made ready to verify with: its numbers are checked and parsed once.
///
/// A key may be used by several threads at once; each verification has a context of its own.
public final class VerificationKey: Sendable {
    /// The key that signatures are verified with.
    public let publicKey: PublicKey

    /// For each algorithm of the key, its check by libcrypto.
    private let verifiers: [Signature.Algorithm: LibraryVerifier]

    /// Makes `key` ready to verify with.
    ///
    /// - Throws: ``SSHCryptoError`` where the key is not sane, as
    ///   ``SSHFormats/PublicKey/sanityFaults(minimumRSABits:)`` finds: signatures by a broken key say
    ///   nothing about who signed.
    public init(_ key: PublicKey, minimumRSABits: Int = 2048) throws(SSHCryptoError) {
        guard key.kind.isCertifiable else {
            throw SSHCryptoError(.unsupportedKind(key.kind.rawValue))
        }
        let faults = key.sanityFaults(minimumRSABits: minimumRSABits)
        guard faults.isEmpty else {
            throw SSHCryptoError(.keyRefused(faults.joined(separator: "; ")))
        }
        publicKey = key
        let libraryKey = try LibraryKey(key.material)
        var verifiers: [Signature.Algorithm: LibraryVerifier] = [:]
        for algorithm in key.kind.signatureAlgorithms {
            verifiers[algorithm] = try LibraryVerifier(libraryKey, digest: algorithm.digest)
        }
        self.verifiers = verifiers
    }

    /// Verifies that the key signed `message`.
    ///
    /// For a key in a FIDO token the message is what the token was asked to sign, and the result
    /// holds what the token asserts; nothing is demanded of it here.
    ///
    /// - Throws: ``SSHCryptoError`` where the key did not sign these bytes, or not in this form.
    @discardableResult
    public func verify(
        _ signature: Signature, over message: [UInt8]
    ) throws(SSHCryptoError) -> VerifiedSignature {
        guard let verifier = verifiers[signature.algorithm] else {
            throw SSHCryptoError(
                .algorithmMismatch(
                    found: signature.algorithm.rawValue, key: publicKey.kind.rawValue))
        }
        let octets = try octets(of: signature.value)
        let signed = try signedBytes(message, signature.securityKey)
        guard try verifier.accepts(octets, over: signed) else {
            throw SSHCryptoError(.wrongSignature)
        }
        return VerifiedSignature(signature.securityKey)
    }

    /// The signature in the form that libcrypto takes: DER for ECDSA, else as it is.
    private func octets(of value: Signature.Value) throws(SSHCryptoError) -> [UInt8] {
        switch (value, publicKey.material) {
        case (.rsa(let octets), .rsa(_, let modulus)) where octets.count == modulus.count:
            return octets
        case (.ecdsa(let r, let s), .ecdsa), (.ecdsa(let r, let s), .skECDSA):
            return DER.sequence(of: [r, s])
        case (.ed25519(let octets), .ed25519), (.ed25519(let octets), .skEd25519):
            return octets
        default:
            throw SSHCryptoError(.wrongSignature)
        }
    }

    /// The bytes under the signature: the message itself, or what a FIDO token makes of it,
    /// OpenSSH PROTOCOL.u2f.
    private func signedBytes(
        _ message: [UInt8], _ assertion: SecurityKeyAssertion?
    ) throws(SSHCryptoError) -> [UInt8] {
        switch (publicKey.material, assertion) {
        case (.skECDSA(_, let application), let assertion?),
            (.skEd25519(_, let application), let assertion?):
            var writer = WireWriter()
            writer.raw(SHA256Digest(hashing: application.utf8).bytes)
            writer.byte(assertion.flags)
            writer.uint32(assertion.counter)
            writer.raw(try challenge(message, assertion))
            return writer.bytes
        case (.rsa, nil), (.ecdsa, nil), (.ed25519, nil):
            return message
        default:
            throw SSHCryptoError(.wrongSignature)
        }
    }
}

/// What a FIDO token signs behind flags and counter: the message's hash, or what a browser put in
/// its place.
private func challenge(
    _ message: [UInt8], _ assertion: SecurityKeyAssertion
) throws(SSHCryptoError) -> [UInt8] {
    guard let webAuthn = assertion.webAuthn else { return SHA256Digest(hashing: message).bytes }
    if let fault = webAuthn.fault(for: message, flags: assertion) {
        throw SSHCryptoError(.webAuthnRefused(fault))
    }
    return webAuthn.extensions + SHA256Digest(hashing: webAuthn.clientData).bytes
}

extension Signature.Algorithm {
    /// The hash that goes before the signing; nil where the algorithm has its own.
    fileprivate var digest: String? {
        switch self {
        case .rsaSHA256, .ecdsaP256, .skECDSA, .webAuthnECDSA: DigestAlgorithm.sha256.name
        case .ecdsaP384: DigestAlgorithm.sha384.name
        case .rsaSHA512, .ecdsaP521: DigestAlgorithm.sha512.name
        case .ed25519, .skEd25519, .mldsa44Ed25519: nil
        }
    }
}

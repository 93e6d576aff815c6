// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import SSHFormats

/// A public key made ready to verify with: its numbers are checked and parsed once.
///
/// A key may be used by several threads at once; each verification has a context of its own.
public final class VerificationKey: Sendable {
    /// The key that signatures are verified with.
    public let publicKey: PublicKey

    /// libcrypto's form of the key; nil of an Ed25519 key, which libcrypto is seldom asked about.
    private let libraryKey: LibraryKey?
    private let minimumRSABits: Int
    private let asksForCurve: Bool
    /// For each algorithm of such a key, its check by libcrypto, where it is made ready for many.
    private let verifiers: [(algorithm: Signature.Algorithm, verifier: LibraryVerifier)]

    /// Makes `key` ready to verify with.
    ///
    /// - Throws: ``SSHCryptoError`` where the key is not sane, as
    ///   ``SSHFormats/PublicKey/sanityFaults(minimumRSABits:)`` finds: signatures by a broken key say
    ///   nothing about who signed.
    public convenience init(
        _ key: PublicKey, minimumRSABits: Int = 2048
    ) throws(SSHCryptoError) {
        try self.init(key, minimumRSABits: minimumRSABits, forMany: true)
    }

    /// Makes `key` ready to verify many signatures with, or a single one: then no check is kept, and
    /// whether an Ed25519 key is a point of the curve is left to the verification.
    init(
        _ key: PublicKey, minimumRSABits: Int = 2048, forMany: Bool
    ) throws(SSHCryptoError) {
        guard key.kind.isCertifiable else {
            throw SSHCryptoError(.unsupportedKind(key.kind.rawValue))
        }
        try Self.requireSane(key, minimumRSABits, asksForCurve: forMany)
        publicKey = key
        self.minimumRSABits = minimumRSABits
        asksForCurve = forMany
        guard key.ed25519Octets == nil else {
            libraryKey = nil
            verifiers = []
            return
        }
        let libraryKey = try LibraryKey(key.material)
        self.libraryKey = libraryKey
        var verifiers: [(algorithm: Signature.Algorithm, verifier: LibraryVerifier)] = []
        for algorithm in forMany ? key.kind.signatureAlgorithms : [] {
            verifiers.append(
                (algorithm, try LibraryVerifier(libraryKey, digest: algorithm.digest)))
        }
        self.verifiers = verifiers
    }

    private static func requireSane(
        _ key: PublicKey, _ minimumRSABits: Int, asksForCurve: Bool
    ) throws(SSHCryptoError) {
        let faults = key.faults(minimumRSABits: minimumRSABits, asksForCurve: asksForCurve)
        guard faults.isEmpty else {
            let texts = faults.map(\.description)
            throw SSHCryptoError(.keyRefused(texts.joined(separator: "; ")))
        }
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
        do throws(SSHCryptoError) {
            return try verifyBySane(signature, over: message)
        } catch {
            // A signature that holds shows that its key is a point of the curve, since no library takes
            // another: of a key for a single one, that is asked only here.
            if !asksForCurve {
                try Self.requireSane(publicKey, minimumRSABits, asksForCurve: true)
            }
            throw error
        }
    }

    private func verifyBySane(
        _ signature: Signature, over message: [UInt8]
    ) throws(SSHCryptoError) -> VerifiedSignature {
        guard signature.algorithm.keyKind == publicKey.kind else {
            throw SSHCryptoError(
                .algorithmMismatch(
                    found: signature.algorithm.rawValue, key: publicKey.kind.rawValue))
        }
        let octets = try octets(of: signature.value)
        let signed = try signedBytes(message, signature.securityKey)
        guard try accepts(octets, signature.algorithm, over: signed) else {
            throw SSHCryptoError(.wrongSignature)
        }
        return VerifiedSignature(signature.securityKey)
    }

    private func accepts(
        _ signature: [UInt8], _ algorithm: Signature.Algorithm, over message: [UInt8]
    ) throws(SSHCryptoError) -> Bool {
        if let key = publicKey.ed25519Octets,
            Ed25519Verifier.accepts(signature, over: message, by: key)
        {
            return true
        }
        if let known = verifiers.first(where: { $0.algorithm == algorithm }) {
            return try known.verifier.accepts(signature, over: message)
        }
        let key: LibraryKey
        if let libraryKey { key = libraryKey } else { key = try LibraryKey(publicKey.material) }
        return try LibraryVerifier.accepts(
            signature, over: message, by: key, digest: algorithm.digest)
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

extension PublicKey {
    /// The 32 bytes of an Ed25519 key, or of one in a FIDO token; nil of other kinds.
    fileprivate var ed25519Octets: [UInt8]? {
        switch material {
        case .ed25519(let key), .skEd25519(let key, _): key
        default: nil
        }
    }
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

// SPDX-License-Identifier: Apache-2.0

public import SSHFormats

/// A signature in the bytes that the token gave.
///
/// It leaves this type only as an SSH signature of the key that it is said to come from; whether it
/// verifies is for code to say that does not depend on the token.
public struct RawSignature: Hashable, Sendable {
    /// What the token gave: for RSA the padded number, for ECDSA r and s side by side, for
    /// Ed25519 the 64 bytes.
    public let bytes: [UInt8]

    /// Wraps what a token gave.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The SSH signature, RFC 8332, RFC 5656 section 3.1.2, RFC 8709 section 6.
    ///
    /// - Throws: ``TokenError`` where the bytes cannot be a signature of such a key, or the kind of
    ///   key is not one that a certificate authority has on a token.
    public func signature(for key: PublicKey) throws(TokenError) -> Signature {
        do {
            switch key.material {
            case .rsa(_, let modulus):
                try require(bytes.count <= modulus.count && !bytes.isEmpty, key)
                // Some tokens leave out leading zeros; RFC 8332 section 3 counts them.
                let padding = [UInt8](repeating: 0, count: modulus.count - bytes.count)
                return try Signature(algorithm: .rsaSHA512, value: .rsa(padding + bytes))
            case .ecdsa(let curve, _):
                try require(bytes.count == 2 * curve.coordinateLength, key)
                let r = bytes.prefix(curve.coordinateLength).drop { $0 == 0 }
                let s = bytes.suffix(curve.coordinateLength).drop { $0 == 0 }
                return try Signature(
                    algorithm: curve.signatureAlgorithm, value: .ecdsa(r: Array(r), s: Array(s)))
            case .ed25519:
                try require(bytes.count == 64, key)
                return try Signature(algorithm: .ed25519, value: .ed25519(bytes))
            case .skECDSA, .skEd25519, .mldsa44Ed25519:
                throw TokenError(
                    .unsupported, "a key of kind \(key.kind.shortName) does not sign certificates")
            }
        } catch let error as TokenError {
            throw error
        } catch {
            throw TokenError(.wrongSignature, "the token's signature has no SSH form: \(error)")
        }
    }

    private func require(_ fits: Bool, _ key: PublicKey) throws(TokenError) {
        guard fits else {
            throw TokenError(
                .wrongSignature,
                "the token gave \(bytes.count) bytes, which no signature of a key of "
                    + "kind \(key.kind.shortName) and \(key.bitSize) bits has")
        }
    }
}

extension EllipticCurve {
    /// The one signature algorithm of SSH for keys of this curve.
    var signatureAlgorithm: Signature.Algorithm {
        switch self {
        case .p256: .ecdsaP256
        case .p384: .ecdsaP384
        case .p521: .ecdsaP521
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import SSHFormats

/// The kinds of key that a certificate authority can have made on a token.
public enum CAKeyKind: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// ECDSA over NIST P-256.
    case ecdsaP256 = "ecdsa-p256"
    /// ECDSA over NIST P-384.
    case ecdsaP384 = "ecdsa-p384"
    /// ECDSA over NIST P-521.
    case ecdsaP521 = "ecdsa-p521"
    /// RSA with a modulus of 2048 bits.
    case rsa2048 = "rsa-2048"
    /// RSA with a modulus of 3072 bits.
    case rsa3072 = "rsa-3072"
    /// RSA with a modulus of 4096 bits.
    case rsa4096 = "rsa-4096"
    /// Ed25519.
    case ed25519 = "ed25519"

    /// The kind as commands, policies and screens write it: `ecdsa-p256`.
    public var description: String { rawValue }

    /// The kind of public key that comes of it.
    public var keyKind: KeyKind {
        switch self {
        case .ecdsaP256: .ecdsaP256
        case .ecdsaP384: .ecdsaP384
        case .ecdsaP521: .ecdsaP521
        case .rsa2048, .rsa3072, .rsa4096: .rsa
        case .ed25519: .ed25519
        }
    }

    /// The size of an RSA modulus, in bits; nil for other kinds.
    public var modulusBits: Int? {
        switch self {
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        case .ecdsaP256, .ecdsaP384, .ecdsaP521, .ed25519: nil
        }
    }

    /// Whether the public key is one of this kind, with this size.
    public func describes(_ key: PublicKey) -> Bool {
        key.kind == keyKind && (modulusBits ?? key.bitSize) == key.bitSize
    }
}

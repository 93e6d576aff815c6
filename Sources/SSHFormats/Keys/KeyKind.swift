// SPDX-License-Identifier: Apache-2.0

/// The kinds of public key that OpenSSH certifies and this implementation reads and writes.
///
/// The names are data: a new kind is a new row.
public enum KeyKind: String, CaseIterable, Hashable, Sendable {
    /// RSA, RFC 4253 section 6.6.
    case rsa = "ssh-rsa"
    /// ECDSA over NIST P-256, RFC 5656 section 3.1.
    case ecdsaP256 = "ecdsa-sha2-nistp256"
    /// ECDSA over NIST P-384, RFC 5656 section 3.1.
    case ecdsaP384 = "ecdsa-sha2-nistp384"
    /// ECDSA over NIST P-521, RFC 5656 section 3.1.
    case ecdsaP521 = "ecdsa-sha2-nistp521"
    /// Ed25519, RFC 8709 section 4.
    case ed25519 = "ssh-ed25519"
    /// ECDSA over NIST P-256 on a FIDO token, OpenSSH PROTOCOL.u2f.
    case skECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
    /// Ed25519 on a FIDO token, OpenSSH PROTOCOL.u2f.
    case skEd25519 = "sk-ssh-ed25519@openssh.com"

    /// The type name of a certificate for such a key, draft-ietf-sshm-cert section 2.1.
    public var certificateTypeName: String {
        switch self {
        case .rsa: "ssh-rsa-cert-v01@openssh.com"
        case .ecdsaP256: "ecdsa-sha2-nistp256-cert-v01@openssh.com"
        case .ecdsaP384: "ecdsa-sha2-nistp384-cert-v01@openssh.com"
        case .ecdsaP521: "ecdsa-sha2-nistp521-cert-v01@openssh.com"
        case .ed25519: "ssh-ed25519-cert-v01@openssh.com"
        case .skECDSA: "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"
        case .skEd25519: "sk-ssh-ed25519-cert-v01@openssh.com"
        }
    }

    /// The short name that policies and screens use.
    public var shortName: String {
        switch self {
        case .rsa: "rsa"
        case .ecdsaP256: "ecdsa-p256"
        case .ecdsaP384: "ecdsa-p384"
        case .ecdsaP521: "ecdsa-p521"
        case .ed25519: "ed25519"
        case .skECDSA: "sk-ecdsa"
        case .skEd25519: "sk-ed25519"
        }
    }

    /// The kind that a short name stands for.
    public init?(shortName: String) {
        guard let kind = Self.allCases.first(where: { $0.shortName == shortName }) else {
            return nil
        }
        self = kind
    }

    /// The kind whose certificates have this type name.
    public init?(certificateTypeName: String) {
        guard
            let kind = Self.allCases.first(where: {
                $0.certificateTypeName == certificateTypeName
            })
        else { return nil }
        self = kind
    }

    /// Whether the key lives in a FIDO token.
    public var isSecurityKey: Bool { self == .skECDSA || self == .skEd25519 }

    /// The curve of an ECDSA key.
    public var curve: EllipticCurve? {
        switch self {
        case .ecdsaP256, .skECDSA: .p256
        case .ecdsaP384: .p384
        case .ecdsaP521: .p521
        case .rsa, .ed25519, .skEd25519: nil
        }
    }
}

/// The NIST curves of RFC 5656 section 10.1.
public enum EllipticCurve: String, CaseIterable, Hashable, Sendable {
    /// NIST P-256.
    case p256 = "nistp256"
    /// NIST P-384.
    case p384 = "nistp384"
    /// NIST P-521.
    case p521 = "nistp521"

    /// The size of a coordinate, in bytes.
    public var coordinateLength: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }
}

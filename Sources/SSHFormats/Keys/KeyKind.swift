// SPDX-License-Identifier: Apache-2.0

/// The kinds of public key that OpenSSH certifies and this implementation reads and writes.
///
/// All that is known about a kind stands in its row of ``KeyKindRow``.
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
    /// ML-DSA-44 and Ed25519 side by side, OpenSSH 10.4 (experimental there).
    case mldsa44Ed25519 = "ssh-mldsa44-ed25519@openssh.com"

    /// The kinds that are certified and verified; the others are only read, shown and carried.
    public static let certifiable = allCases.filter(\.isCertifiable)

    /// The type name of a certificate for such a key, as OpenSSH writes it.
    public var certificateTypeName: String { row.certificateTypeName }

    /// The type name that draft-ietf-sshm-cert-01 gives such a certificate; no OpenSSH up to 10.5
    /// reads it.
    public var standardCertificateTypeName: String? { row.standardCertificateTypeName }

    /// The short name that policies and screens use.
    public var shortName: String { row.shortName }

    /// Whether such keys are certified, and signatures by them verified, by this implementation.
    public var isCertifiable: Bool { row.isCertifiable }

    /// Whether the key lives in a FIDO token.
    public var isSecurityKey: Bool { row.isSecurityKey }

    /// The curve of an ECDSA key.
    public var curve: EllipticCurve? { row.curve }

    /// The kind that a short name stands for.
    public init?(shortName: String) {
        self.init { $0.shortName == shortName }
    }

    /// The kind whose certificates have this type name with OpenSSH.
    public init?(certificateTypeName: String) {
        self.init { $0.certificateTypeName == certificateTypeName }
    }

    /// The kind whose certificates have this type name by draft-ietf-sshm-cert-01.
    public init?(standardCertificateTypeName: String) {
        self.init { $0.standardCertificateTypeName == standardCertificateTypeName }
    }

    private init?(where isMeant: (KeyKindRow) -> Bool) {
        guard let kind = Self.known.first(where: { isMeant($0.row) }) else { return nil }
        self = kind
    }

    /// The kind of this type name on the wire.
    init?(name: ArraySlice<UInt8>) {
        guard let kind = Self.known.first(where: { name.spells($0.rawValue) }) else { return nil }
        self = kind
    }

    /// The kind whose certificates have this type name on the wire with OpenSSH.
    init?(certificateName name: ArraySlice<UInt8>) {
        self.init { name.spells($0.certificateTypeName) }
    }

    /// All kinds, in one array and not a new one each time.
    private static let known = allCases
}

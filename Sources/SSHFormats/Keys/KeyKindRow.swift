// SPDX-License-Identifier: Apache-2.0

/// What is known about one kind of key: a row of the table below.
struct KeyKindRow {
    /// The short name that policies and screens use.
    let shortName: String
    /// The form that its numbers and its signatures have.
    let family: KeyKind.Family
    /// The type name of its certificates, as OpenSSH writes it.
    let certificateTypeName: String
    /// The type name of its certificates in draft-ietf-sshm-cert-01.
    let standardCertificateTypeName: String?
    /// The curve of an ECDSA key.
    var curve: EllipticCurve?
    /// Whether the key lives in a FIDO token.
    var isSecurityKey = false
    /// Whether it is certified and verified; the other kinds are carried until libcrypto can.
    var isCertifiable = true
}

extension KeyKind {
    /// The table: a new kind is a case and a row.
    ///
    /// It is inlined, since whoever asks for one column would else be given all.
    @inline(__always)
    var row: KeyKindRow {
        switch self {
        case .rsa:
            KeyKindRow(
                shortName: "rsa", family: .rsa,
                certificateTypeName: "ssh-rsa-cert-v01@openssh.com",
                standardCertificateTypeName: "ssh-rsa-cert")
        case .ecdsaP256:
            KeyKindRow(
                shortName: "ecdsa-p256", family: .ecdsa,
                certificateTypeName: "ecdsa-sha2-nistp256-cert-v01@openssh.com",
                standardCertificateTypeName: "ecdsa-sha2-nistp256-cert", curve: .p256)
        case .ecdsaP384:
            KeyKindRow(
                shortName: "ecdsa-p384", family: .ecdsa,
                certificateTypeName: "ecdsa-sha2-nistp384-cert-v01@openssh.com",
                standardCertificateTypeName: "ecdsa-sha2-nistp384-cert", curve: .p384)
        case .ecdsaP521:
            KeyKindRow(
                shortName: "ecdsa-p521", family: .ecdsa,
                certificateTypeName: "ecdsa-sha2-nistp521-cert-v01@openssh.com",
                standardCertificateTypeName: "ecdsa-sha2-nistp521-cert", curve: .p521)
        case .ed25519:
            KeyKindRow(
                shortName: "ed25519", family: .ed25519,
                certificateTypeName: "ssh-ed25519-cert-v01@openssh.com",
                standardCertificateTypeName: "ssh-ed25519-cert")
        case .skECDSA:
            KeyKindRow(
                shortName: "sk-ecdsa", family: .ecdsa,
                certificateTypeName: "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
                standardCertificateTypeName: nil, curve: .p256, isSecurityKey: true)
        case .skEd25519:
            KeyKindRow(
                shortName: "sk-ed25519", family: .ed25519,
                certificateTypeName: "sk-ssh-ed25519-cert-v01@openssh.com",
                standardCertificateTypeName: nil, isSecurityKey: true)
        case .mldsa44Ed25519:
            KeyKindRow(
                shortName: "mldsa44-ed25519", family: .mldsa44Ed25519,
                certificateTypeName: "ssh-mldsa44-ed25519-cert-v01@openssh.com",
                standardCertificateTypeName: nil, isCertifiable: false)
        }
    }

    /// The families of keys that share a form of numbers and of signature.
    enum Family: Hashable, Sendable {
        case rsa
        case ecdsa
        case ed25519
        case mldsa44Ed25519
    }

    /// The family whose signatures the kind makes.
    var family: Family { row.family }
}

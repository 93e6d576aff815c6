// SPDX-License-Identifier: Apache-2.0

/// The rules of the authority's key, beside those of every key.
extension CertificateRule {
    static let signerRules = [
        signerCertificate, signerUnknown, signerDSA, signerExperimental, signerSecurityKey,
        signerTrailing, signerSelf,
    ]

    /// The authority's key is no certificate.
    public static let signerCertificate = CertificateRule(
        rule: "CERT-CA-CERTIFICATE", .error, strict: true,
        holds: "The signature key is a plain key, not a certificate",
        reason: "There are no chains: an authority is trusted for its key",
        readers: "OpenSSH refuses it",
        source: "OpenSSH sshkey.c:2011-2013; draft-ietf-sshm-cert-01 section 2.1",
        hint: "Correct the authority's program")
    /// The authority's key is of a known kind.
    public static let signerUnknown = CertificateRule(
        rule: "CERT-CA-UNKNOWN", .error, strict: true,
        holds: "The signature key is of a known kind",
        reason: "Nobody can tell whether the signature holds",
        readers: "All refuse it",
        source: "OpenSSH sshkey.c:1986-2051",
        hint: "Find out what made it")
    /// The authority's key is no DSA key.
    public static let signerDSA = CertificateRule(
        rule: "CERT-CA-DSA", .error, strict: true,
        holds: "The signature key is not a DSA key",
        reason: "DSA keys have 1,024 bits and sign with SHA-1",
        readers: "OpenSSH since 10.1 does not know the type; 9.2 takes no signature by it",
        source: "OpenSSH commit a32d28d79; sshd_config(5), CASignatureAlgorithms",
        hint: "Move to an authority with another key")
    /// The authority's key is one that most programs know.
    public static let signerExperimental = CertificateRule(
        rule: "CERT-CA-EXPERIMENTAL", .warning,
        holds: "The signature key is not of the experimental kind ML-DSA-44 with Ed25519",
        reason: "Few programs know it; as the first line of TrustedUserCAKeys it hides those below",
        readers: "OpenSSH 9.2 refuses it; 10.5 has it not in CASignatureAlgorithms by default",
        source: "OpenSSH myproposal.h:85-94, authfile.c:370-421; commit d535299b8",
        hint: "Keep an authority with another key beside it, and list that first")
    /// The authority's key is in no FIDO token.
    public static let signerSecurityKey = CertificateRule(
        rule: "CERT-CA-FIDO", .error, strict: true,
        holds: "The signature key is not a FIDO key",
        reason:
            "What a FIDO token signs holds an application and a count, which many readers do not "
            + "know in certificates",
        readers: "OpenSSH takes it; cryptography does not know the kind; Conclave refuses it",
        source: "OpenSSH PROTOCOL.u2f; measured",
        hint: "Keep the authority's key in a PKCS#11 token")
    /// Nothing follows the authority's key.
    public static let signerTrailing = CertificateRule(
        rule: "CERT-CA-TRAILING", .error, strict: true,
        holds: "Nothing follows the fields of the signature key",
        reason: "One key would have several encodings and fingerprints",
        readers: "OpenSSH refuses it",
        source: "OpenSSH sshkey.c:1986-2051",
        hint: "Correct the authority's program")
    /// The authority did not certify itself.
    public static let signerSelf = CertificateRule(
        rule: "CERT-CA-SELF", .warning,
        holds: "The certified key is not the signature key",
        reason: "The authority's key is used to log in or to serve: each login risks it",
        readers: "All take it",
        source: "Docs/Security/Rules.md, KEY-AUTHORITY",
        hint: "Find out why; use the authority's key for certificates alone")
}

/// The rules of the signature.
extension CertificateRule {
    static let signatureRules = [
        signatureSHA1, signatureUnknown, signatureMismatch, signatureShort, signatureLong,
        signatureInteger, signatureLength, signatureTrailing, signatureUnchecked, signatureWrong,
    ]

    /// The signature is not made with SHA-1.
    public static let signatureSHA1 = CertificateRule(
        rule: "CERT-SIGNATURE-SHA-1", .error, strict: true,
        holds: "The signature is not made with SHA-1",
        reason: "Two texts with one SHA-1 can be made: what was signed need not be this",
        readers: "OpenSSH 9.2 and 10.5 refuse it by default; ssh-keygen still makes it on request",
        source: "RFC 8332 section 1; OpenSSH myproposal.h:85-94; measured",
        hint: "Issue it anew with rsa-sha2-512")
    /// The signature's algorithm is known.
    public static let signatureUnknown = CertificateRule(
        rule: "CERT-SIGNATURE-UNKNOWN", .error, strict: true,
        holds: "The signature's algorithm is a known one",
        reason: "Nobody can tell whether the signature holds",
        readers: "All refuse it",
        source: "OpenSSH myproposal.h:85-94",
        hint: "Find out what made it")
    /// The signature's algorithm is one of the key.
    public static let signatureMismatch = CertificateRule(
        rule: "CERT-SIGNATURE-ALGORITHM", .error, strict: true,
        holds: "The signature's algorithm is one of the signature key",
        reason: "A key cannot have made the signature",
        readers: "All refuse it",
        source: "RFC 8332 section 3; RFC 5656 section 3.1.2; RFC 8709 section 6",
        hint: "Find out what made it")
    /// An RSA signature has its zeros.
    public static let signatureShort = CertificateRule(
        rule: "CERT-SIGNATURE-SHORT", .error, strict: true,
        holds: "An RSA signature is as long as the modulus, leading zeros included",
        reason:
            "One certificate in 256 comes out so where a program drops zeros, and then fails in "
            + "some places",
        readers: "OpenSSH pads it; Go, cryptography and asyncssh refuse it",
        source: "RFC 8017 section 8.2.2; OpenSSH ssh-rsa.c:544-560",
        hint: "Correct the authority's program; issue it anew")
    /// An RSA signature is not longer than the modulus.
    public static let signatureLong = CertificateRule(
        rule: "CERT-SIGNATURE-LONG", .error, strict: true,
        holds: "An RSA signature is not longer than the modulus",
        reason: "It is no signature of this key",
        readers: "All refuse it",
        source: "RFC 8017 section 8.2.2; OpenSSH ssh-rsa.c:544-560",
        hint: "Find out what made it")
    /// The numbers of an ECDSA signature are positive and short.
    public static let signatureInteger = CertificateRule(
        rule: "CERT-SIGNATURE-INTEGER", .error, strict: true,
        holds: "The numbers of an ECDSA signature are positive, within the curve's length, without "
            + "needless zeros",
        reason: "A program wrote the token's bytes as they are: without the sign octet a number is "
            + "negative, and one certificate in two fails",
        readers: "All refuse negative numbers; most take needless zeros",
        source: "RFC 4251 section 5; RFC 5656 section 3.1.2; measured",
        hint: "Correct the authority's program; issue it anew")
    /// An Ed25519 signature has 64 bytes.
    public static let signatureLength = CertificateRule(
        rule: "CERT-SIGNATURE-LENGTH", .error, strict: true,
        holds: "An Ed25519 signature has 64 bytes, and no signature is empty",
        reason: "It is no signature",
        readers: "All refuse it",
        source: "RFC 8709 section 6",
        hint: "Find out what made it")
    /// Nothing follows the signature's fields.
    public static let signatureTrailing = CertificateRule(
        rule: "CERT-SIGNATURE-TRAILING", .error, strict: true,
        holds: "Nothing follows the fields of the signature",
        reason: "No signature covers what follows: two different blobs would be one certificate",
        readers: "OpenSSH refuses it",
        source: "OpenSSH sshkey.c, ssh-rsa.c, ssh-ecdsa.c, ssh-ed25519.c",
        hint: "Copy the file again from where it was issued")
    /// The signature can be verified.
    public static let signatureUnchecked = CertificateRule(
        rule: "CERT-SIGNATURE-UNCHECKED", .error,
        holds: "The signature can be verified",
        reason:
            "Key or signature is damaged, too weak, or of a kind that this program cannot verify",
        readers: "Depends on what is wrong with it, which other findings tell",
        source: "Docs/Formats/Certificate.md, signatures",
        hint: "Do not trust it")
    /// The signature holds.
    public static let signatureWrong = CertificateRule(
        rule: "CERT-SIGNATURE-WRONG", .error,
        holds: "The signature key made the signature over these bytes",
        reason: "It is forged, or was altered after it was signed",
        readers:
            "OpenSSH, Go, cryptography and asyncssh refuse it; paramiko, puttygen and libssh do "
            + "not look",
        source: "OpenSSH sshkey.c:1986-2051; measured",
        hint: "Do not use it; find out where it came from")
}

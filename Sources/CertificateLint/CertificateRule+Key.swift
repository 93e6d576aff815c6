// SPDX-License-Identifier: Apache-2.0

/// The rules of keys: the certified one, and the one that signs.
extension CertificateRule {
    static let keyRules = [
        rsaInteger, rsaLong, rsaShort, rsaWeak, exponentOne, exponentEven, exponentSmall,
        exponentLong, modulusEven, modulusFactor, modulusROCA, modulusClose, curveName,
        pointCompressed, pointForm, pointOffCurve, ed25519Length, ed25519NotCanonical,
        ed25519SmallOrder, ed25519OffCurve, applicationText, applicationPrefix,
    ]

    /// The numbers of an RSA key are positive and as short as they can be.
    public static let rsaInteger = CertificateRule(
        rule: "CERT-RSA-INTEGER", .error, strict: true,
        holds: "The numbers of an RSA key are positive, without needless leading zeros",
        reason: "One key would have several encodings and fingerprints: a revoked one comes back",
        readers: "OpenSSH takes needless zeros; Go refuses them; all refuse negative numbers",
        source: "RFC 4251 section 5",
        hint: "Have the key written anew by ssh-keygen, and certified")
    /// An RSA key is not longer than can be verified with.
    public static let rsaLong = CertificateRule(
        rule: "CERT-RSA-LONG", .error, strict: true,
        holds: "An RSA number has at most 16,384 bits",
        reason: "Each verification would take seconds: a way to stop a server",
        readers: "OpenSSH and libcrypto refuse it",
        source: "OpenSSH sshbuf.h:41, SSHBUF_MAX_BIGNUM",
        hint: "Make a key of 3,072 to 4,096 bits, or an Ed25519 key")
    /// An RSA key is long enough for OpenSSH.
    public static let rsaShort = CertificateRule(
        rule: "CERT-RSA-SHORT", .error,
        holds: "An RSA modulus has at least 1,024 bits",
        reason: "It can be factored by anyone with a few computers",
        readers: "OpenSSH refuses it",
        source: "OpenSSH sshkey.h:47, SSH_RSA_MINIMUM_MODULUS_SIZE",
        hint: "Make a key of 3,072 bits, or an Ed25519 key")
    /// An RSA key is long enough for today.
    public static let rsaWeak = CertificateRule(
        rule: "CERT-RSA-WEAK", .warning,
        holds: "An RSA modulus has at least 2,048 bits",
        reason: "1,024 bits are within reach of those who can pay for it",
        readers: "OpenSSH takes 1,024 bits unless RequiredRSASize says otherwise",
        source: "NIST SP 800-131A revision 2, section 3; sshd_config(5), RequiredRSASize",
        hint: "Make a key of 3,072 bits, or an Ed25519 key")
    /// The exponent is not 1.
    public static let exponentOne = CertificateRule(
        rule: "CERT-RSA-EXPONENT-ONE", .error,
        holds: "The exponent of an RSA key is not 1",
        reason: "Every message is its own signature: anyone can sign for this key",
        readers: "OpenSSH certifies it; cryptography refuses it",
        source: "RFC 8017 section 3.1; measured",
        hint: "Revoke it, and find out what made the key")
    /// The exponent is odd.
    public static let exponentEven = CertificateRule(
        rule: "CERT-RSA-EXPONENT-EVEN", .error,
        holds: "The exponent of an RSA key is odd",
        reason: "No private key belongs to it: the key is forged or damaged",
        readers: "OpenSSH certifies it; cryptography refuses it",
        source: "RFC 8017 section 3.1",
        hint: "Find out what made the key")
    /// The exponent is not small.
    public static let exponentSmall = CertificateRule(
        rule: "CERT-RSA-EXPONENT-SMALL", .warning,
        holds: "The exponent of an RSA key is at least 65,537",
        reason:
            "With a small exponent, a verifier that is lax about padding takes forged signatures",
        readers: "All take 3 and above; Conclave issues nothing for it",
        source: "NIST SP 800-56B revision 2, section 6.2; CVE-2006-4339",
        hint: "Make a new key with current OpenSSH")
    /// The exponent is not long.
    public static let exponentLong = CertificateRule(
        rule: "CERT-RSA-EXPONENT-LONG", .error,
        holds: "The exponent of an RSA key has at most 24 bits",
        reason: "Not every reader takes it, and each verification takes longer",
        readers: "Go refuses it; OpenSSH takes it",
        source: "Go x/crypto/ssh, parseRSA",
        hint: "Make a new key with current OpenSSH")
    /// The modulus is odd.
    public static let modulusEven = CertificateRule(
        rule: "CERT-RSA-EVEN", .error,
        holds: "The modulus of an RSA key is odd",
        reason: "It is divisible by 2, so that anyone knows its factors",
        readers: "OpenSSH certifies it",
        source: "RFC 8017 section 3.1; measured",
        hint: "Revoke it, and find out what made the key")
    /// The modulus has no small factor.
    public static let modulusFactor = CertificateRule(
        rule: "CERT-RSA-FACTOR", .error,
        holds: "The modulus of an RSA key has no prime factor below 65,536",
        reason: "Anyone can divide by a few thousand primes; the key is broken or damaged",
        readers: "OpenSSH takes it",
        source: "NIST SP 800-89 section 5.3.3",
        hint: "Revoke it, and find out what made the key")
    /// The modulus is not one that ROCA breaks.
    public static let modulusROCA = CertificateRule(
        rule: "CERT-RSA-ROCA", .error,
        holds: "The modulus of an RSA key has not the mark of ROCA",
        reason: "The private key can be computed from the public one at small cost",
        readers: "OpenSSH takes it",
        source: "CVE-2017-15361",
        hint: "Revoke it; make the key outside the token, or on another one")
    /// The factors of the modulus are not neighbours.
    public static let modulusClose = CertificateRule(
        rule: "CERT-RSA-CLOSE", .error,
        holds: "The factors of an RSA modulus are not close to each other",
        reason: "Fermat's method finds them at once",
        readers: "OpenSSH takes it",
        source: "CVE-2022-26320",
        hint: "Revoke it, and find out what made the key")
    /// An ECDSA key names its own curve.
    public static let curveName = CertificateRule(
        rule: "CERT-EC-CURVE", .error, strict: true,
        holds: "An ECDSA key names the curve of its type",
        reason: "Type and curve contradict each other",
        readers: "OpenSSH refuses it",
        source: "RFC 5656 section 3.1; OpenSSH ssh-ecdsa.c",
        hint: "Find out what made the key")
    /// A point is not compressed.
    public static let pointCompressed = CertificateRule(
        rule: "CERT-EC-COMPRESSED", .error, strict: true,
        holds: "The point of an ECDSA key is not in compressed form",
        reason: "One key would have two encodings and fingerprints, and most readers take one",
        readers: "OpenSSH refuses it; asyncssh takes it",
        source: "OpenSSH sshbuf-getput-crypto.c:57-68",
        hint: "Have the key written anew by ssh-keygen, and certified")
    /// A point has its form.
    public static let pointForm = CertificateRule(
        rule: "CERT-EC-FORM", .error, strict: true,
        holds: "The point of an ECDSA key is 04 and both coordinates, each as long as the curve's",
        reason: "It is no point that anything could verify with",
        readers: "All refuse it",
        source: "RFC 5656 section 3.1; SEC 1 section 2.3.3",
        hint: "Find out what made the key")
    /// A point is on its curve.
    public static let pointOffCurve = CertificateRule(
        rule: "CERT-EC-POINT", .error,
        holds: "The point of an ECDSA key is on its curve",
        reason: "Nothing verifies with it, and arithmetic with it may give secrets away",
        readers: "OpenSSH refuses it",
        source: "OpenSSH sshkey.c, sshkey_ec_validate_public; SEC 1 section 3.2.2",
        hint: "Find out what made the key")
    /// An Ed25519 key has 32 bytes.
    public static let ed25519Length = CertificateRule(
        rule: "CERT-ED25519-LENGTH", .error, strict: true,
        holds: "An Ed25519 key has 32 bytes",
        reason: "It is no key",
        readers: "All refuse it",
        source: "RFC 8709 section 4",
        hint: "Find out what made the key")
    /// An Ed25519 key is in canonical form.
    public static let ed25519NotCanonical = CertificateRule(
        rule: "CERT-ED25519-CANONICAL", .error,
        holds: "An Ed25519 key is in its canonical form",
        reason: "The same key has another encoding, and libraries differ over which they take",
        readers: "OpenSSH takes it",
        source: "RFC 8032 section 5.1.3",
        hint: "Find out what made the key")
    /// An Ed25519 key is not of small order.
    public static let ed25519SmallOrder = CertificateRule(
        rule: "CERT-ED25519-ORDER", .error,
        holds: "An Ed25519 key is not a point of small order",
        reason:
            "Signatures that hold for it are easily made by anyone; 32 zero bytes are such a key",
        readers: "OpenSSH takes it",
        source: "RFC 8032 section 5.1; measured with 32 zero bytes",
        hint: "Revoke it, and find out what made the key")
    /// An Ed25519 key is a point of its curve.
    public static let ed25519OffCurve = CertificateRule(
        rule: "CERT-ED25519-POINT", .error,
        holds: "An Ed25519 key is a point of its curve",
        reason: "Nothing verifies with it: the key is damaged",
        readers: "OpenSSH takes it until it has to verify",
        source: "RFC 8032 section 5.1.3",
        hint: "Find out what made the key")
    /// A FIDO key's application is a text.
    public static let applicationText = CertificateRule(
        rule: "CERT-SK-APPLICATION", .error, strict: true,
        holds: "The application of a FIDO key is UTF-8 of at most 1,024 bytes, without controls",
        reason: "It is shown to people, and hashed into every signature",
        readers: "OpenSSH takes any text without NUL",
        source: "OpenSSH PROTOCOL.u2f",
        hint: "Make a new key with ssh-keygen -t ed25519-sk")
    /// A FIDO key's application is one of SSH.
    public static let applicationPrefix = CertificateRule(
        rule: "CERT-SK-PREFIX", .warning,
        holds: "The application of a FIDO key begins with ssh:",
        reason: "A key that was made for a web site signs in with SSH as well: what asks the user "
            + "for one gets the other",
        readers: "ssh-keygen makes no other key, sshd takes any",
        source: "OpenSSH PROTOCOL.u2f; ssh-keygen(1), option application",
        hint: "Make a new key with ssh-keygen -t ed25519-sk")
}

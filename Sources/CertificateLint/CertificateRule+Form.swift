// SPDX-License-Identifier: Apache-2.0

/// The rules of a file that holds certificates.
extension CertificateRule {
    static let fileRules = [
        fileForm, filePrivateKey, filePlainKey, fileTypeName, fileSpaces, fileLineEnd,
    ]

    /// A line is a type name, Base64 and perhaps a comment.
    public static let fileForm = CertificateRule(
        rule: "CERT-FILE-FORM", .error,
        holds:
            "A line of a certificate file is a type name, canonical Base64 and perhaps a comment",
        reason: "What cannot be decoded is skipped or refused, and the login goes on without a "
            + "certificate",
        readers: "OpenSSH skips a line that it cannot read; all refuse what is not Base64",
        source: "OpenSSH authfile.c, sshkey_try_load_public; RFC 4648 section 3.5",
        hint: "Take the file as the authority wrote it")
    /// No private key lies where a certificate should.
    public static let filePrivateKey = CertificateRule(
        rule: "CERT-FILE-PRIVATE", .error,
        holds: "A certificate file holds no private key",
        reason:
            "A private key was copied instead of the certificate; whoever has seen it can log in",
        readers: "OpenSSH stops reading the file",
        source: "OpenSSH authfile.c, sshkey_try_load_public",
        hint: "Replace the key if the file has left its owner's machine; send NAME-cert.pub")
    /// A certificate file does not hold a plain key.
    public static let filePlainKey = CertificateRule(
        rule: "CERT-FILE-KEY", .error,
        holds: "A certificate file holds a certificate, not a plain public key",
        reason: "The plain key lets nobody in where certificates are asked for",
        readers: "OpenSSH reads it as a key without a certificate",
        source: "OpenSSH sshkey.c, sshkey_is_cert",
        hint: "Take NAME-cert.pub, not NAME.pub")
    /// The line and the bytes name one type.
    public static let fileTypeName = CertificateRule(
        rule: "CERT-FILE-TYPE", .error,
        holds: "The line begins with the type name that its bytes hold",
        reason: "Readers choose by the first word, and then find something else",
        readers:
            "OpenSSH refuses the line where the kinds of key differ; others look at one of both",
        source: "OpenSSH sshkey.c, sshkey_read",
        hint: "Take the file as the authority wrote it")
    /// One space parts the fields of a line.
    public static let fileSpaces = CertificateRule(
        rule: "CERT-FILE-SPACE", .warning,
        holds: "Single spaces part the fields of a line, and none comes first",
        reason: "The line was edited by hand; programs that split at one space misread it",
        readers: "OpenSSH skips spaces and tabs",
        source: "OpenSSH authfile.c, sshkey_try_load_public",
        hint: "Take the file as the authority wrote it")
    /// A line ends in LF.
    public static let fileLineEnd = CertificateRule(
        rule: "CERT-FILE-LINE-END", .notice,
        holds: "A line ends in LF alone",
        reason: "CR is not part of the format; some readers take it for a part of the comment",
        readers: "OpenSSH cuts it off",
        source: "OpenSSH authfile.c, sshkey_try_load_public",
        hint: "Save the file with LF line ends")
}

/// The rules of a certificate as a whole: size, lengths, type name.
extension CertificateRule {
    static let formRules = [
        packet, size, truncated, trailing, typePlain, typeAlgorithm, typeDraft, typeRemoved,
        typeExperimental, typeUnknown, nulInside, nulAtEnd, nonceShort, nonceConstant, strict,
    ]

    /// A certificate fits into a packet.
    public static let packet = CertificateRule(
        rule: "CERT-PACKET", .error,
        holds: "A certificate is shorter than a packet of SSH, 262,144 bytes",
        reason: "It cannot be sent: the connection ends as corrupted, and so does an agent's",
        readers: "OpenSSH: Connection corrupted, for 300,000 bytes",
        source: "OpenSSH packet.c:97, PACKET_MAX_SIZE; the agent's limit is the same",
        hint: "Issue it anew with fewer principals and options")
    /// A certificate is within the limit of the strict reader.
    public static let size = CertificateRule(
        rule: "CERT-SIZE", .error, strict: true,
        holds: "A certificate has at most 65,536 bytes, with room for the longest signature",
        reason: "Servers, agents and tools hold it in memory before anybody has logged in",
        readers: "OpenSSH takes up to its packets' size; Conclave refuses it",
        source: "Docs/Formats/Certificate.md, limits",
        hint: "Issue it anew with fewer principals and options")
    /// Every length stays within what is there.
    public static let truncated = CertificateRule(
        rule: "CERT-TRUNCATED", .error, strict: true,
        holds: "Each field is as long as it says, and all are there",
        reason: "The certificate was cut off or damaged",
        readers: "All refuse it",
        source: "RFC 4251 section 5; OpenSSH sshkey.c:1852-1975",
        hint: "Copy the file again from where it was issued")
    /// Nothing follows the signature.
    public static let trailing = CertificateRule(
        rule: "CERT-TRAILING", .error, strict: true,
        holds: "Nothing follows the signature",
        reason: "No signature covers what follows: two different blobs would be one certificate",
        readers: "OpenSSH, Go, cryptography and asyncssh refuse it",
        source: "OpenSSH sshkey.c:2037",
        hint: "Copy the file again from where it was issued")
    /// The blob is no plain key.
    public static let typePlain = CertificateRule(
        rule: "CERT-TYPE-PLAIN", .error, strict: true,
        holds: "The bytes are a certificate, not a plain public key",
        reason: "A plain key says nothing about who holds it",
        readers: "All read it as a key",
        source: "draft-ietf-sshm-cert-01 section 2.1",
        hint: "Take NAME-cert.pub, not NAME.pub")
    /// The type is no signature algorithm.
    public static let typeAlgorithm = CertificateRule(
        rule: "CERT-TYPE-ALGORITHM", .error, strict: true,
        holds: "The type is that of a key's certificate, not the name of a signature algorithm",
        reason: "Names such as rsa-sha2-512-cert-v01@openssh.com are for negotiation; which "
            + "certificates bear them depends on the reader",
        readers: "OpenSSH reads rsa-sha2-*-cert-v01 as RSA; Go, cryptography and PuTTY refuse it",
        source: "RFC 8332 section 2; measured",
        hint: "Issue it anew: the type of an RSA certificate is ssh-rsa-cert-v01@openssh.com")
    /// The type is one of today.
    public static let typeDraft = CertificateRule(
        rule: "CERT-TYPE-DRAFT", .error, strict: true,
        holds: "The type is one that programs of today read, not a name of the coming standard",
        reason: "The names of the draft, such as ssh-ed25519-cert, are not read yet",
        readers: "No OpenSSH up to 10.5 reads it",
        source: "draft-ietf-sshm-cert-01 (June 2026)",
        hint: "Issue it anew under the name with -cert-v01@openssh.com")
    /// The type is one that is still read.
    public static let typeRemoved = CertificateRule(
        rule: "CERT-TYPE-DSA", .error, strict: true,
        holds: "The key is not a DSA key",
        reason: "DSA keys have 1,024 bits and sign with SHA-1",
        readers: "OpenSSH since 10.1 does not know the type; 9.8 to 10.0 refuse it by default",
        source: "OpenSSH commits 00eb95957 and a32d28d79",
        hint: "Make an Ed25519 key and have it certified")
    /// The type is one that most programs read.
    public static let typeExperimental = CertificateRule(
        rule: "CERT-TYPE-EXPERIMENTAL", .warning,
        holds: "The key is not of the experimental kind ML-DSA-44 with Ed25519",
        reason: "Few programs read it, and its form may still change",
        readers:
            "OpenSSH 9.2 does not know the type; 10.4 reads it; 10.5 has it in no default list",
        source: "OpenSSH ssh-mldsa-eddsa.c; commit d535299b8; draft lamps-pq-composite-sigs-18",
        hint: "Keep a certificate for another key beside it")
    /// The type is known.
    public static let typeUnknown = CertificateRule(
        rule: "CERT-TYPE-UNKNOWN", .error, strict: true,
        holds: "The type is one of the known kinds of certificate",
        reason: "The fields that follow depend on the type; nobody can read them",
        readers: "All refuse it",
        source: "OpenSSH sshkey.c, sshkey_type_from_name; draft-ietf-sshm-cert-01 section 2.1",
        hint: "Find out what made it")
    /// No text has a NUL inside.
    public static let nulInside = CertificateRule(
        rule: "CERT-NUL-INSIDE", .error, strict: true,
        holds: "No text has a NUL byte inside",
        reason: "Programs in C end a text at the first NUL; others see all of it",
        readers: "OpenSSH refuses it; cryptography takes it",
        source: "OpenSSH sshbuf-getput-basic.c, sshbuf_get_cstring",
        hint: "Treat it as an attack until you know what made it")
    /// No text ends in NUL.
    public static let nulAtEnd = CertificateRule(
        rule: "CERT-NUL-END", .error, strict: true,
        holds: "No text ends in a NUL byte",
        reason: "OpenSSH drops one NUL at the end: it sees another text than the others do, and "
            + "root with a NUL behind it logs in as root",
        readers:
            "OpenSSH 9.2 and 10.5 read the text without the NUL; Go and asyncssh read it with it",
        source: "OpenSSH sshbuf-getput-basic.c, sshbuf_get_cstring; measured",
        hint: "Treat it as an attack until you know what made it; revoke it")
    /// The nonce is long enough.
    public static let nonceShort = CertificateRule(
        rule: "CERT-NONCE-SHORT", .error, strict: true,
        holds: "The nonce has at least 16 bytes",
        reason: "What is signed can be foreseen, which attacks on the signature's hash need",
        readers: "OpenSSH takes any nonce, an empty one too; Conclave refuses it",
        source: "draft-ietf-sshm-cert-01 section 2.1",
        hint: "Correct the authority's program; ssh-keygen writes 32 random bytes")
    /// The nonce looks random.
    public static let nonceConstant = CertificateRule(
        rule: "CERT-NONCE-CONSTANT", .warning,
        holds: "The nonce is not one byte over and over",
        reason: "The authority's program has no source of random bytes, which may concern its keys",
        readers: "All take it",
        source: "draft-ietf-sshm-cert-01 section 2.1",
        hint: "Correct the authority's program; ssh-keygen writes 32 random bytes")
    /// The strict reader takes it.
    public static let strict = CertificateRule(
        rule: "CERT-STRICT", .error, strict: true,
        holds: "The strict reader of Conclave takes the certificate",
        reason: "It refuses what any of the known readers would refuse",
        readers: "Conclave refuses it",
        source: "Docs/Formats/Certificate.md",
        hint: "Issue it anew")
}

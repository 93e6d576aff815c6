// SPDX-License-Identifier: Apache-2.0

/// The rules of serial, type, key ID and principals.
extension CertificateRule {
    static let nameRules = [
        serialZero, serialLarge, kind, keyIDEmpty, keyIDLong, keyIDControl, keyIDNotUTF8,
        keyIDNotASCII, keyIDShell, principalsEmpty, principalsMany, principalEmpty,
        principalTwice, principalComma, principalControl, principalNotUTF8, principalNotASCII,
        principalSpace, principalHash, principalQuote, wildcardUser, wildcardHost, upperCaseHost,
    ]

    /// The serial is not zero.
    public static let serialZero = CertificateRule(
        rule: "CERT-SERIAL-ZERO", .warning,
        holds: "The serial is not zero",
        reason: "Zero means that there is none: the certificate cannot be revoked by its serial",
        readers:
            "OpenSSH never finds serial 0 in a revocation list, and refuses a list that holds it",
        source: "OpenSSH krl.c:1176",
        hint: "Number certificates from 1; revoke this one by its key ID or its key")
    /// The serial is one of a count.
    public static let serialLarge = CertificateRule(
        rule: "CERT-SERIAL-LARGE", .notice,
        holds: "The serial is below 2^56, as one that was counted is",
        reason: "Lists of scattered serials grow by 8 bytes for each, and slow down every login",
        readers: "OpenSSH takes 21.9 s for a login with 1,000,000 random serials revoked",
        source: "measured with OpenSSH 10.5",
        hint: "Count serials from 1, one count for each authority")
    /// The type is user or host.
    public static let kind = CertificateRule(
        rule: "CERT-KIND", .error, strict: true,
        holds: "The type is 1, user, or 2, host",
        reason: "Nobody knows whom it is for",
        readers: "OpenSSH refuses it; Go reads it",
        source: "draft-ietf-sshm-cert-01 section 2.1; OpenSSH sshkey.c:1852-1975",
        hint: "Issue it anew")
    /// There is a key ID.
    public static let keyIDEmpty = CertificateRule(
        rule: "CERT-KEY-ID-EMPTY", .error, strict: true,
        holds: "The key ID is not empty",
        reason: "Logs of logins do not say who came, and it cannot be revoked by key ID",
        readers: "OpenSSH takes it; Conclave refuses it",
        source: "ssh-keygen(1), option -I",
        hint: "Issue it anew with a key ID that names its holder")
    /// The key ID is short.
    public static let keyIDLong = CertificateRule(
        rule: "CERT-KEY-ID-LONG", .error, strict: true,
        holds: "The key ID has at most 256 bytes",
        reason: "Logs cut it off, and scripts get it as an argument",
        readers: "OpenSSH takes 100,000 bytes; Conclave refuses it",
        source: "Docs/Formats/Certificate.md, limits",
        hint: "Issue it anew with a shorter key ID")
    /// The key ID has no control characters.
    public static let keyIDControl = CertificateRule(
        rule: "CERT-KEY-ID-CONTROL", .error, strict: true,
        holds: "The key ID has no control characters",
        reason: "ssh-keygen -L prints it raw: it can show fields that are not there, or steer the "
            + "terminal; a line end forges lines of a log",
        readers: "OpenSSH takes and prints it; Conclave refuses it",
        source: "OpenSSH ssh-keygen.c:2116-2125; measured",
        hint: "Treat it as an attack until you know what made it")
    /// The key ID is UTF-8.
    public static let keyIDNotUTF8 = CertificateRule(
        rule: "CERT-KEY-ID-UTF-8", .error, strict: true,
        holds: "The key ID is UTF-8",
        reason: "Programs in other languages cannot hold it as a text",
        readers: "asyncssh refuses it; OpenSSH takes it",
        source: "draft-ietf-sshm-cert-01 section 2.1",
        hint: "Issue it anew in ASCII")
    /// The key ID is ASCII.
    public static let keyIDNotASCII = CertificateRule(
        rule: "CERT-KEY-ID-ASCII", .error, strict: true,
        holds: "The key ID is printable ASCII",
        reason: "Different characters look alike, and logs write others as escapes",
        readers: "OpenSSH takes it; Conclave refuses it",
        source: "Docs/Formats/Certificate.md, format",
        hint: "Issue it anew in ASCII")
    /// The key ID is harmless to a shell.
    public static let keyIDShell = CertificateRule(
        rule: "CERT-KEY-ID-SHELL", .notice,
        holds: "The key ID has no characters that mean something to a shell, and no hyphen first",
        reason: "sshd hands it to AuthorizedPrincipalsCommand as %i, and scripts pass it on",
        readers: "OpenSSH hands it on unaltered",
        source: "OpenSSH commit 2ca6eef69; sshd_config(5), TOKENS",
        hint: "Quote %i in every script; keep to letters, digits and ._@:/+-")
    /// There is a principal.
    public static let principalsEmpty = CertificateRule(
        rule: "CERT-PRINCIPALS-EMPTY", .error, strict: true,
        holds: "There is at least one principal",
        reason: "To older readers it is valid for every account or every host",
        readers:
            "OpenSSH since 10.3 refuses it; before, a host's counts for any host and a user's for "
            + "any account through authorized_keys; Go and asyncssh take it for any",
        source: "OpenSSH commit 5166b6cbf; CVE-2024-7594; draft-ietf-sshm-cert-01 section 2.1",
        hint: "Revoke it; issue it anew with the names that are meant")
    /// There are not too many principals.
    public static let principalsMany = CertificateRule(
        rule: "CERT-PRINCIPALS-MANY", .error, strict: true,
        holds: "There are at most 256 principals",
        reason: "OpenSSH reads no more",
        readers: "OpenSSH refuses it; Go and cryptography take it",
        source: "OpenSSH sshkey.h:96, SSHKEY_CERT_MAX_PRINCIPALS",
        hint: "Split it into several certificates, or use principals that stand for groups")
    /// No principal is empty.
    public static let principalEmpty = CertificateRule(
        rule: "CERT-PRINCIPAL-EMPTY", .error, strict: true,
        holds: "No principal is empty",
        reason: "It names nobody, and a program that joins names makes something else of it",
        readers: "OpenSSH takes it; Conclave refuses it",
        source: "draft-ietf-sshm-cert-01 section 2.1; ssh-keygen refuses to write it",
        hint: "Issue it anew without it")
    /// No principal is there twice.
    public static let principalTwice = CertificateRule(
        rule: "CERT-PRINCIPAL-TWICE", .error, strict: true,
        holds: "No principal is there twice",
        reason: "The list was put together by a program that errs",
        readers: "OpenSSH takes it; Conclave refuses it",
        source: "Docs/Formats/Certificate.md, format",
        hint: "Issue it anew without the repetition")
    /// No principal has a comma.
    public static let principalComma = CertificateRule(
        rule: "CERT-PRINCIPAL-COMMA", .error, strict: true,
        holds: "No principal has a comma",
        reason: "Under principals=\"…\" in authorized_keys one name with a comma counted as two: "
            + "whoever may be called a,root is root",
        readers: "OpenSSH 5.6 to 10.2 split it; 10.3 does not",
        source: "CVE-2026-35414",
        hint: "Treat it as an attack until you know what made it; revoke it")
    /// No principal has control characters.
    public static let principalControl = CertificateRule(
        rule: "CERT-PRINCIPAL-CONTROL", .error, strict: true,
        holds: "No principal has control characters",
        reason: "ssh-keygen -L prints it raw: it can show principals that are not there, or steer "
            + "the terminal",
        readers: "OpenSSH takes and prints it; Conclave refuses it",
        source: "OpenSSH ssh-keygen.c:2116-2125; measured",
        hint: "Treat it as an attack until you know what made it")
    /// Every principal is UTF-8.
    public static let principalNotUTF8 = CertificateRule(
        rule: "CERT-PRINCIPAL-UTF-8", .error, strict: true,
        holds: "Every principal is UTF-8",
        reason: "Programs in other languages cannot hold it as a text",
        readers: "asyncssh refuses it; OpenSSH and cryptography take it",
        source: "draft-ietf-sshm-cert-01 section 2.1",
        hint: "Issue it anew in ASCII")
    /// Every principal is ASCII.
    public static let principalNotASCII = CertificateRule(
        rule: "CERT-PRINCIPAL-ASCII", .error, strict: true,
        holds: "Every principal is printable ASCII",
        reason: "Different characters look alike; host names of other scripts are written as xn--",
        readers: "OpenSSH compares bytes; Conclave refuses it",
        source: "Docs/Formats/Certificate.md, format; RFC 5890 section 2.3.2.1",
        hint: "Issue it anew in ASCII")
    /// No principal has a space.
    public static let principalSpace = CertificateRule(
        rule: "CERT-PRINCIPAL-SPACE", .warning,
        holds: "No principal has a space",
        reason: "In an AuthorizedPrincipalsFile a space parts options from the name: the name "
            + "cannot be written there, and never matches",
        readers: "OpenSSH reads the last word as the name",
        source: "OpenSSH auth2-pubkeyfile.c:176-260",
        hint: "Use letters, digits and ._@:+-")
    /// No principal has a hash sign.
    public static let principalHash = CertificateRule(
        rule: "CERT-PRINCIPAL-HASH", .warning,
        holds: "No principal has a #",
        reason:
            "In an AuthorizedPrincipalsFile it begins a comment: the name cannot be written there",
        readers: "OpenSSH cuts the line off at it",
        source: "OpenSSH auth2-pubkeyfile.c:176-260",
        hint: "Use letters, digits and ._@:+-")
    /// No principal has a quotation mark.
    public static let principalQuote = CertificateRule(
        rule: "CERT-PRINCIPAL-QUOTE", .warning,
        holds: "No principal has a quotation mark or a backslash",
        reason: "It cannot be written under principals=\"…\" of authorized_keys, and breaks out of "
            + "the quotes of scripts",
        readers: "OpenSSH takes it",
        source: "OpenSSH auth2-pubkeyfile.c:176-260; sshd(8), AUTHORIZED_KEYS FILE FORMAT",
        hint: "Use letters, digits and ._@:+-")
    /// A user's principal is no pattern.
    public static let wildcardUser = CertificateRule(
        rule: "CERT-WILDCARD-USER", .warning,
        holds: "No principal of a user has * or ?",
        reason:
            "It looks like every account and matches none; a later reader may take it as it looks",
        readers: "OpenSSH 9.2 and 10.5 take it literally and refuse the login",
        source: "measured; OpenSSH commit 5166b6cbf",
        hint: "Issue it anew with the names that are meant")
    /// A host's principal is no pattern.
    public static let wildcardHost = CertificateRule(
        rule: "CERT-WILDCARD-HOST", .warning,
        holds: "No principal of a host has * or ?",
        reason: "Older clients compare it literally and refuse the host; to newer ones whoever has "
            + "the key is every host of the pattern",
        readers: "OpenSSH since 10.3 takes it as a pattern; 9.2 refuses the host",
        source: "OpenSSH commit 5166b6cbf; measured",
        hint: "Name each host, or keep to clients from 10.3 on")
    /// A host's name is in lower case.
    public static let upperCaseHost = CertificateRule(
        rule: "CERT-HOST-CASE", .error,
        holds: "No principal of a host has upper-case letters",
        reason: "ssh writes host names in lower case before it compares them: it never matches",
        readers: "OpenSSH 9.2 and 10.5 refuse the host",
        source: "OpenSSH ssh.c:1207, 1339; measured",
        hint: "Issue it anew in lower case")
}

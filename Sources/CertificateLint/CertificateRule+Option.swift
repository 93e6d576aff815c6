// SPDX-License-Identifier: Apache-2.0

/// The rules of critical options.
extension CertificateRule {
    static let optionRules =
        [
            optionOrder, optionTwice, optionUnknown, optionMisplaced, optionHost, optionData,
            forceCommand, sourceAddress, sourceAddressAny, verifyRequiredKey,
            verifyRequiredReaders,
        ] + extensionRules

    /// Critical options stand in order.
    public static let optionOrder = CertificateRule(
        rule: "CERT-OPTION-ORDER", .error, strict: true,
        holds: "Critical options stand in the order of their names' bytes",
        reason: "The format asks for it, and strict readers hold to it",
        readers: "Go and cryptography refuse it; OpenSSH and asyncssh take it",
        source: "draft-ietf-sshm-cert-01 section 2.3; OpenSSH ssh-keygen.c:1609-1625",
        hint: "Correct the authority's program")
    /// No critical option is there twice.
    public static let optionTwice = CertificateRule(
        rule: "CERT-OPTION-TWICE", .error, strict: true,
        holds: "No critical option is there twice",
        reason: "Readers differ over which of them counts",
        readers: "OpenSSH refuses two of force-command; Go and cryptography refuse any; asyncssh "
            + "takes one",
        source: "OpenSSH auth-options.c:125-139; draft-ietf-sshm-cert-01 section 2.3",
        hint: "Issue it anew with the one that is meant")
    /// Every critical option is known.
    public static let optionUnknown = CertificateRule(
        rule: "CERT-OPTION-UNKNOWN", .error, strict: true,
        holds: "Every critical option is force-command, source-address or verify-required",
        reason: "Critical means that a reader who does not know it must refuse",
        readers: "All refuse the login",
        source: "draft-ietf-sshm-cert-01 section 2.3; OpenSSH auth-options.c:165-178",
        hint: "Is it misspelt? Issue it anew")
    /// No extension stands among the critical options.
    public static let optionMisplaced = CertificateRule(
        rule: "CERT-OPTION-MISPLACED", .error, strict: true,
        holds: "No extension stands among the critical options",
        reason: "There it is an option that nobody knows",
        readers: "All refuse the login",
        source: "OpenSSH auth-options.c:98-178",
        hint: "Issue it anew with the name among the extensions")
    /// A host has no critical options.
    public static let optionHost = CertificateRule(
        rule: "CERT-OPTION-HOST", .error, strict: true,
        holds: "A host's certificate has no critical options",
        reason: "None is defined for hosts",
        readers: "OpenSSH refuses the host",
        source: "OpenSSH sshkey.c:2479-2482; draft-ietf-sshm-cert-01 section 2.3",
        hint: "Issue it anew without them")
    /// A critical option's data has its form.
    public static let optionData = CertificateRule(
        rule: "CERT-OPTION-DATA", .error, strict: true,
        holds: "The data of a critical option is one nested string, or nothing for a flag",
        reason: "The data cannot be read, or has something behind it that no reader looks at",
        readers: "OpenSSH refuses the certificate, and ssh-keygen -L ends; Go and cryptography too",
        source: "OpenSSH auth-options.c:165-178",
        hint: "Correct the authority's program: the value is a string within the string")
    /// A forced command is a text.
    public static let forceCommand = CertificateRule(
        rule: "CERT-FORCE-COMMAND", .error, strict: true,
        holds: "A forced command is 1 to 4,096 printable ASCII characters",
        reason:
            "A shell gets it as it is; ssh-keygen -L prints it raw, so that it can show another",
        readers: "OpenSSH takes any text without NUL; Conclave refuses it",
        source: "OpenSSH auth-options.c:125-139, ssh-keygen.c:2116-2125",
        hint: "Put what is longer or stranger into a script on the server")
    /// Source addresses are addresses and networks.
    public static let sourceAddress = CertificateRule(
        rule: "CERT-SOURCE-ADDRESS", .error, strict: true,
        holds:
            "Source addresses are IPv4 or IPv6 addresses and networks without host bits, between "
            + "commas",
        reason: "One entry that cannot be read makes the whole option fail, and nobody logs in",
        readers:
            "OpenSSH refuses names, wildcards, !, spaces, scopes, host bits, and entries of 50 "
            + "bytes; the draft allows wildcards",
        source: "OpenSSH auth-options.c:140-162, addrmatch.c, addr_match_cidr_list; measured",
        hint: "Write 10.0.0.0/8,2001:db8::/32")
    /// Source addresses leave something out.
    public static let sourceAddressAny = CertificateRule(
        rule: "CERT-SOURCE-ANY", .warning,
        holds: "Source addresses are not all addresses",
        reason: "The option is there and restricts nothing",
        readers: "OpenSSH takes it",
        source: "OpenSSH addrmatch.c, addr_match_cidr_list",
        hint: "Leave the option out, or name the networks that are meant")
    /// Verification is asked of keys that can be verified.
    public static let verifyRequiredKey = CertificateRule(
        rule: "CERT-VERIFY-REQUIRED-KEY", .warning,
        holds: "verify-required is asked of FIDO keys alone",
        reason: "Other keys verify nobody: the option restricts nothing",
        readers: "OpenSSH looks at it for FIDO keys alone",
        source: "OpenSSH auth2-pubkey.c:250-263",
        hint: "Have a FIDO key certified, or leave the option out")
    /// Every reader knows the options.
    public static let verifyRequiredReaders = CertificateRule(
        rule: "CERT-VERIFY-REQUIRED", .notice,
        holds: "verify-required is not needed",
        reason: "Not every server knows the option, and those that do not must refuse",
        readers: "asyncssh 2.24 refuses the login; OpenSSH before 8.4 too",
        source: "measured with asyncssh; OpenSSH auth-options.c:122-124",
        hint: "Nothing, where all servers run OpenSSH")
}

/// The rules of extensions and of the field behind them.
extension CertificateRule {
    static let extensionRules = [
        extensionOrder, extensionTwice, extensionMisplaced, extensionUnknown, extensionDomain,
        extensionNested, extensionHost, extensionData, noTouch, noTouchKey, reserved,
    ]

    /// Extensions stand in order.
    public static let extensionOrder = CertificateRule(
        rule: "CERT-EXTENSION-ORDER", .error, strict: true,
        holds: "Extensions stand in the order of their names' bytes",
        reason: "The format asks for it, and strict readers hold to it",
        readers: "Go and cryptography refuse it; OpenSSH and asyncssh take it",
        source: "draft-ietf-sshm-cert-01 section 2.4; OpenSSH ssh-keygen.c:1609-1625",
        hint: "Correct the authority's program: permit-X11-forwarding comes before "
            + "permit-agent-forwarding")
    /// No extension is there twice.
    public static let extensionTwice = CertificateRule(
        rule: "CERT-EXTENSION-TWICE", .error, strict: true,
        holds: "No extension is there twice",
        reason: "Readers differ over which of them counts",
        readers: "Go and cryptography refuse it; OpenSSH takes it",
        source: "draft-ietf-sshm-cert-01 section 2.4",
        hint: "Issue it anew without the repetition")
    /// No critical option stands among the extensions.
    public static let extensionMisplaced = CertificateRule(
        rule: "CERT-EXTENSION-MISPLACED", .error, strict: true,
        holds: "No critical option stands among the extensions",
        reason: "There it is ignored: the login that it should restrict is not restricted",
        readers: "OpenSSH ignores it: force-command is not run; Conclave refuses the certificate",
        source: "OpenSSH auth-options.c:98-178; measured",
        hint: "Revoke it; issue it anew with the option among the critical ones")
    /// Every extension is known.
    public static let extensionUnknown = CertificateRule(
        rule: "CERT-EXTENSION-UNKNOWN", .error, strict: true,
        holds: "Every extension is one of the six that OpenSSH knows",
        reason: "A server skips what it does not know: what was meant does not happen",
        readers: "OpenSSH logs and ignores it; Conclave refuses the certificate",
        source: "draft-ietf-sshm-cert-01 section 2.4; OpenSSH auth-options.c:98-120",
        hint: "Is it misspelt? If it is for another program, that program must read the certificate"
    )
    /// An extension of one's own has a domain.
    public static let extensionDomain = CertificateRule(
        rule: "CERT-EXTENSION-DOMAIN", .warning,
        holds: "The name of an extension of one's own ends in @ and a domain",
        reason: "Names without a domain belong to the standard, which may give it another meaning",
        readers: "OpenSSH ignores it",
        source: "RFC 4251 section 4.2; draft-ietf-sshm-cert-01 section 2.4",
        hint: "Call it NAME@example.org")
    /// An extension's data is a nested string.
    public static let extensionNested = CertificateRule(
        rule: "CERT-EXTENSION-NESTED", .error,
        holds: "The data of an extension of one's own is nothing or one nested string",
        reason: "Readers that take data apart refuse the whole certificate",
        readers: "Go and cryptography refuse it; OpenSSH ignores it",
        source: "Go x/crypto/ssh, parseTuples; measured",
        hint: "Correct the authority's program: the value is a string within the string")
    /// A host has no extensions.
    public static let extensionHost = CertificateRule(
        rule: "CERT-EXTENSION-HOST", .error, strict: true,
        holds: "A host's certificate has no extensions",
        reason: "None is defined for hosts: it was probably meant for a user",
        readers: "OpenSSH ignores them; Conclave refuses the certificate",
        source: "draft-ietf-sshm-cert-01 section 2.4",
        hint: "Issue it anew without them, or as a user's")
    /// A flag has no data.
    public static let extensionData = CertificateRule(
        rule: "CERT-EXTENSION-DATA", .error, strict: true,
        holds: "An extension that OpenSSH knows has no data",
        reason: "It is a flag, and the data has no meaning",
        readers: "OpenSSH refuses the certificate",
        source: "OpenSSH auth-options.c:165-178",
        hint: "Correct the authority's program")
    /// A FIDO key must be touched.
    public static let noTouch = CertificateRule(
        rule: "CERT-NO-TOUCH", .warning,
        holds: "A FIDO key must be touched for each login",
        reason: "Whoever can reach the token over the network or through malware can log in",
        readers: "OpenSSH takes signatures without a touch",
        source: "OpenSSH auth-options.c:98-120; ssh-keygen(1), no-touch-required",
        hint: "Issue it anew without no-touch-required unless a program needs it")
    /// The touch is waived where there is one.
    public static let noTouchKey = CertificateRule(
        rule: "CERT-NO-TOUCH-KEY", .notice,
        holds: "no-touch-required is given to FIDO keys alone",
        reason: "Other keys are never touched: the extension does nothing",
        readers: "OpenSSH looks at it for FIDO keys alone",
        source: "OpenSSH auth2-pubkey.c:250-263",
        hint: "Leave it out")
    /// The reserved field is empty.
    public static let reserved = CertificateRule(
        rule: "CERT-RESERVED", .error, strict: true,
        holds: "The reserved field is empty",
        reason: "A later version may give it a meaning that nobody looked at when it was signed",
        readers: "OpenSSH ignores it; Conclave refuses the certificate",
        source: "draft-ietf-sshm-cert-01 section 2.1; OpenSSH sshkey.c:1852-1975",
        hint: "Correct the authority's program")
}

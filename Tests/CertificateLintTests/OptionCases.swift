// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Critical options and extensions.
@Suite("What a certificate restricts and permits")
struct OptionCases {
    static let all = critical + addresses + extensions

    @Test("each fault is told in its words, and nothing else is", arguments: all)
    func faults(_ example: Case) throws {
        let found = try findings(example.change)
        #expect(found == example.expected)
    }

    /// A name with data as it is.
    static func pair(_ name: String, _ data: [UInt8]) -> [UInt8] { packed(name) + string(data) }

    /// A name with a text.
    static func text(_ name: String, _ value: String) -> [UInt8] { pair(name, packed(value)) }

    static let critical = [
        Case("known ones in order") {
            $0.criticalOptions =
                text("force-command", "uptime") + text("source-address", "10.0.0.0/8,::1")
        },
        Case(
            "out of order",
            "critical option at byte 202: \"force-command\" is not in the order of names "
                + "(CERT-OPTION-ORDER)"
        ) {
            $0.criticalOptions =
                text("source-address", "10.0.0.0/8") + text("force-command", "uptime")
        },
        Case(
            "twice",
            "critical option at byte 192: \"force-command\" is there twice (CERT-OPTION-TWICE)"
        ) { $0.criticalOptions = text("force-command", "a") + text("force-command", "b") },
        Case(
            "unknown", "critical option at byte 166: \"force\" is not known (CERT-OPTION-UNKNOWN)"
        ) { $0.criticalOptions = text("force", "a") },
        Case(
            "no name", "critical option at byte 166: \"\" is not known (CERT-OPTION-UNKNOWN)"
        ) { $0.criticalOptions = pair("", []) },
        Case(
            "an extension",
            "critical option at byte 166: \"permit-pty\" is an extension (CERT-OPTION-MISPLACED)"
        ) { $0.criticalOptions = pair("permit-pty", []) },
        Case(
            "a NUL behind the name",
            "critical option at byte 179: \"force-command\\u{0}\" ends in a NUL byte, which OpenSSH "
                + "drops (CERT-NUL-END)"
        ) { $0.criticalOptions = text("force-command\0", "a") },
        Case(
            "a host's",
            "critical options at byte 177: a host's certificate has 1 critical option "
                + "(CERT-OPTION-HOST)"
        ) {
            $0.forHost()
            $0.criticalOptions = text("force-command", "a")
        },
        Case(
            "data that is not nested",
            "force-command at byte 183: 6 bytes of data are not one string (CERT-OPTION-DATA)"
        ) { $0.criticalOptions = pair("force-command", Array("uptime".utf8)) },
        Case(
            "something behind the data",
            "force-command at byte 183: 6 bytes of data are not one string (CERT-OPTION-DATA)"
        ) { $0.criticalOptions = pair("force-command", packed("a") + [0]) },
        Case(
            "no data",
            "force-command at byte 183: 0 bytes of data are not one string (CERT-OPTION-DATA)"
        ) { $0.criticalOptions = pair("force-command", []) },
        Case(
            "an empty command",
            "force-command at byte 187: it is empty (CERT-FORCE-COMMAND)"
        ) { $0.criticalOptions = text("force-command", "") },
        Case("a command of 4,096") {
            $0.criticalOptions = text("force-command", String(repeating: "a", count: 4_096))
        },
        Case(
            "a command of 4,097",
            "force-command at byte 187: 4097 bytes exceed the limit of 4096 (CERT-FORCE-COMMAND)"
        ) {
            $0.criticalOptions = text("force-command", String(repeating: "a", count: 4_097))
        },
        Case(
            "an escape in a command",
            "force-command at byte 187: byte 1b is not printable ASCII (CERT-FORCE-COMMAND)"
        ) { $0.criticalOptions = text("force-command", "a\u{1B}[8m") },
        Case(
            "a command that is not UTF-8",
            "force-command at byte 187: \"\\xff\" is not UTF-8 (CERT-FORCE-COMMAND)"
        ) { $0.criticalOptions = pair("force-command", string([0xFF])) },
        Case(
            "verification by a key that cannot",
            "critical option at byte 166: it asks for verify-required (CERT-VERIFY-REQUIRED)",
            "critical option at byte 166: it asks for verify-required of a key that is not in a "
                + "FIDO token (CERT-VERIFY-REQUIRED-KEY)"
        ) { $0.criticalOptions = pair("verify-required", []) },
        Case(
            "verification by a FIDO key",
            "critical option at byte 177: it asks for verify-required (CERT-VERIFY-REQUIRED)"
        ) {
            try certifySecurityKey(&$0)
            $0.criticalOptions = pair("verify-required", [])
        },
        Case(
            "a flag with data",
            "critical option at byte 177: it asks for verify-required (CERT-VERIFY-REQUIRED)",
            "verify-required at byte 196: it is a flag, and has 5 bytes of data (CERT-OPTION-DATA)"
        ) {
            try certifySecurityKey(&$0)
            $0.criticalOptions = text("verify-required", "x")
        },
    ]

    static func certifySecurityKey(_ crafted: inout CraftedCertificate) throws {
        let key = try CraftedCertificate.Keys.ready.get().subject.publicKey
        crafted.certify(
            try PublicKey(.skEd25519(Array(key.blob.suffix(32)), application: "ssh:")))
    }

    /// What `ssh-keygen -O source-address` takes and refuses.
    static let addresses =
        [
            "127.0.0.1", "::1", "10.0.0.0/8", "2001:db8::/32", "10.0.0.0/8,192.0.2.1",
        ].map { value in
            Case(value) { $0.criticalOptions = text("source-address", value) }
        }
        + [
            ("10.0.0.1/8", "\"10.0.0.1/8\" has host bits set"),
            ("!10.0.0.0/8", "\"!10.0.0.0/8\" is not an IPv4 or IPv6 address or network"),
            ("10.0.0.0/8,", "an entry is empty"), ("", "an entry is empty"),
            ("::1, ::2", "\" ::2\" is not an IPv4 or IPv6 address or network"),
            ("fe80::1%eth0", "\"fe80::1%eth0\" is not an IPv4 or IPv6 address or network"),
            ("example.org", "\"example.org\" is not an IPv4 or IPv6 address or network"),
            ("10.*", "\"10.*\" is not an IPv4 or IPv6 address or network"),
            (String(repeating: "1", count: 50), "entry of 50 bytes exceeds the limit of 49"),
        ].map { value, fault in
            Case(
                value, "source-address at byte 188: \(fault) (CERT-SOURCE-ADDRESS)"
            ) { $0.criticalOptions = text("source-address", value) }
        }
        + ["0.0.0.0/0", "::/0"].map { value in
            Case(
                value, "source-address at byte 188: \(value) is every address (CERT-SOURCE-ANY)"
            ) { $0.criticalOptions = text("source-address", value) }
        }

    static let extensions = [
        Case("all in order but no-touch-required") {
            $0.extensions = [
                "permit-X11-forwarding", "permit-agent-forwarding", "permit-port-forwarding",
                "permit-pty", "permit-user-rc",
            ].flatMap { pair($0, []) }
        },
        Case("none") { $0.extensions = [] },
        Case(
            "out of order",
            "extension at byte 188: \"permit-X11-forwarding\" is not in the order of names "
                + "(CERT-EXTENSION-ORDER)"
        ) { $0.extensions = pair("permit-pty", []) + pair("permit-X11-forwarding", []) },
        Case(
            "twice", "extension at byte 188: \"permit-pty\" is there twice (CERT-EXTENSION-TWICE)"
        ) { $0.extensions = pair("permit-pty", []) + pair("permit-pty", []) },
        Case(
            "a critical option",
            "extension at byte 170: \"force-command\" is a critical option, and is ignored here "
                + "(CERT-EXTENSION-MISPLACED)"
        ) { $0.extensions = text("force-command", "uptime") },
        Case(
            "unknown, with a domain",
            "extension at byte 170: \"login@example.org\" is not known (CERT-EXTENSION-UNKNOWN)"
        ) { $0.extensions = text("login@example.org", "alice") },
        Case(
            "unknown, without one",
            "extension at byte 170: \"permit-ptty\" is not known (CERT-EXTENSION-UNKNOWN)",
            "extension at byte 170: \"permit-ptty\" names no domain (CERT-EXTENSION-DOMAIN)"
        ) { $0.extensions = pair("permit-ptty", []) },
        Case(
            "unknown, with raw data",
            "extension at byte 170: \"a@b\" is not known (CERT-EXTENSION-UNKNOWN)",
            "extension at byte 177: 5 bytes of data are not one string (CERT-EXTENSION-NESTED)"
        ) { $0.extensions = pair("a@b", Array("alice".utf8)) },
        Case(
            "a host's",
            "extensions at byte 181: a host's certificate has 1 extension (CERT-EXTENSION-HOST)"
        ) {
            $0.forHost()
            $0.extensions = pair("permit-pty", [])
        },
        Case(
            "a flag with data",
            "permit-pty at byte 184: it is a flag, and has 4 bytes of data (CERT-EXTENSION-DATA)"
        ) { $0.extensions = text("permit-pty", "") },
        Case(
            "no touch of a FIDO key",
            "extension at byte 181: a login needs no touch of the FIDO token (CERT-NO-TOUCH)"
        ) {
            try certifySecurityKey(&$0)
            $0.extensions = pair("no-touch-required", [])
        },
        Case(
            "no touch of another key",
            "extension at byte 170: the key is not in a FIDO token (CERT-NO-TOUCH-KEY)"
        ) { $0.extensions = pair("no-touch-required", []) },
    ]
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Serial, type, key ID, principals.
@Suite("Who a certificate is for")
struct NameCases {
    static let all = numbers + keyIDs + lists + principals + hosts

    @Test("each fault is told in its words, and nothing else is", arguments: all)
    func faults(_ example: Case) throws {
        let found = try findings(example.change)
        #expect(found == example.expected)
    }

    static let numbers = [
        Case(
            "serial 0", "serial at byte 108: it is zero, which stands for none (CERT-SERIAL-ZERO)"
        ) { $0.serial = 0 },
        Case("serial 1") { $0.serial = 1 },
        Case("the largest that was counted") { $0.serial = 1 << 56 - 1 },
        Case(
            "one more",
            "serial at byte 108: 72057594037927936 is 2^56 or more (CERT-SERIAL-LARGE)"
        ) { $0.serial = 1 << 56 },
        Case("type 0", "type at byte 116: 0 is neither 1 nor 2 (CERT-KIND)") { $0.kind = 0 },
        Case("type 3", "type at byte 116: 3 is neither 1 nor 2 (CERT-KIND)") { $0.kind = 3 },
    ]

    static let keyIDs = [
        Case("no key ID", "key id at byte 124: it is empty (CERT-KEY-ID-EMPTY)") { $0.keyID = [] },
        Case("a key ID of 256") { $0.keyID = [UInt8](repeating: 0x61, count: 256) },
        Case(
            "a key ID of 257",
            "key id at byte 124: 257 bytes exceed the limit of 256 (CERT-KEY-ID-LONG)"
        ) { $0.keyID = [UInt8](repeating: 0x61, count: 257) },
        Case(
            "a line end in the key ID",
            "key id at byte 125: \"a\\u{A}b\" has the control character 0a (CERT-KEY-ID-CONTROL)"
        ) { $0.keyID = Array("a\nb".utf8) },
        Case(
            "an escape in the key ID",
            "key id at byte 124: \"\\u{1B}2J\" has the control character 1b (CERT-KEY-ID-CONTROL)"
        ) { $0.keyID = Array("\u{1B}2J".utf8) },
        Case(
            "a key ID that is not UTF-8",
            "key id at byte 125: \"a\\xff\" is not UTF-8 (CERT-KEY-ID-UTF-8)"
        ) { $0.keyID = [0x61, 0xFF] },
        Case(
            "a key ID that is not ASCII",
            "key id at byte 127: \"Novák\" is not ASCII (CERT-KEY-ID-ASCII)"
        ) { $0.keyID = Array("Novák".utf8) },
        Case(
            "a NUL in the key ID",
            "key id at byte 125: \"a\\u{0}b\" has a NUL byte inside (CERT-NUL-INSIDE)"
        ) { $0.keyID = Array("a\0b".utf8) },
        Case(
            "a NUL behind the key ID",
            "key id at byte 125: \"a\\u{0}\" ends in a NUL byte, which OpenSSH drops "
                + "(CERT-NUL-END)"
        ) { $0.keyID = Array("a\0".utf8) },
        Case(
            "a key ID that a shell runs",
            "key id at byte 124: \"$(reboot)\" has the character '$' (CERT-KEY-ID-SHELL)"
        ) { $0.keyID = Array("$(reboot)".utf8) },
        Case(
            "a key ID that looks like an option",
            "key id at byte 124: \"-rf\" begins with a hyphen (CERT-KEY-ID-SHELL)"
        ) { $0.keyID = Array("-rf".utf8) },
    ]

    static let lists = [
        Case(
            "no principals",
            "valid principals at byte 133: there is none (CERT-PRINCIPALS-EMPTY)"
        ) { $0.principals = [] },
        Case("256 principals") {
            $0.principals = (0..<256).flatMap { packed("a\($0)") }
        },
        Case(
            "257 principals",
            "valid principals at byte 133: 257 principals exceed the limit of 256 "
                + "(CERT-PRINCIPALS-MANY)"
        ) { $0.principals = (0..<257).flatMap { packed("a\($0)") } },
        Case(
            "a principal twice",
            "principal at byte 148: \"a\" is there twice (CERT-PRINCIPAL-TWICE)"
        ) { $0.principals = packed("a", "bc", "a") },
        Case(
            "an empty principal", "principal at byte 142: it is empty (CERT-PRINCIPAL-EMPTY)"
        ) { $0.principals = packed("a", "") },
        Case(
            "every rule is told a bounded number of times",
            ["principal at byte 137: it is empty (CERT-PRINCIPAL-EMPTY)"]
                + (1..<16).flatMap {
                    let place = 137 + 4 * $0
                    return [
                        "principal at byte \(place): \"\" is there twice (CERT-PRINCIPAL-TWICE)",
                        "principal at byte \(place): it is empty (CERT-PRINCIPAL-EMPTY)",
                    ]
                } + ["principal at byte 201: \"\" is there twice (CERT-PRINCIPAL-TWICE)"]
        ) { $0.principals = [UInt8](repeating: 0, count: 4 * 100) },
    ]

    static let principals = [
        Case("what a policy allows") { $0.principals = packed("A-Z.a_z:0/9@x+y") },
        Case(
            "a comma",
            "principal at byte 138: \"a,root\" has the character ',' (CERT-PRINCIPAL-COMMA)"
        ) { $0.principals = packed("a,root") },
        Case(
            "a space", "principal at byte 138: \"a b\" has the character ' ' (CERT-PRINCIPAL-SPACE)"
        ) { $0.principals = packed("a b") },
        Case(
            "a hash sign",
            "principal at byte 138: \"a#b\" has the character '#' (CERT-PRINCIPAL-HASH)"
        ) { $0.principals = packed("a#b") },
        Case(
            "quotes",
            "principal at byte 137: \"\\\"a\\\"\" has the character '\"' (CERT-PRINCIPAL-QUOTE)"
        ) { $0.principals = packed("\"a\"") },
        Case(
            "a backslash",
            "principal at byte 138: \"a\\\\\" has the character '\\' (CERT-PRINCIPAL-QUOTE)"
        ) { $0.principals = packed("a\\") },
        Case(
            "a line end",
            "principal at byte 138: \"a\\u{A}b\" has the control character 0a "
                + "(CERT-PRINCIPAL-CONTROL)"
        ) { $0.principals = packed("a\nb") },
        Case(
            "DEL",
            "principal at byte 138: \"a\\u{7F}\" has the control character 7f "
                + "(CERT-PRINCIPAL-CONTROL)"
        ) { $0.principals = packed("a\u{7F}") },
        Case(
            "what is not ASCII",
            "principal at byte 137: \"ä\" is not ASCII (CERT-PRINCIPAL-ASCII)"
        ) { $0.principals = packed("ä") },
        Case(
            "what is not UTF-8",
            "principal at byte 138: \"a\\xc3\" is not UTF-8 (CERT-PRINCIPAL-UTF-8)"
        ) { $0.principals = string([0x61, 0xC3]) },
        Case(
            "root and a NUL",
            "principal at byte 141: \"root\\u{0}\" ends in a NUL byte, which OpenSSH drops "
                + "(CERT-NUL-END)"
        ) { $0.principals = packed("root\0") },
        Case(
            "a NUL inside",
            "principal at byte 138: \"a\\u{0}b\" has a NUL byte inside (CERT-NUL-INSIDE)"
        ) { $0.principals = packed("a\0b") },
        Case(
            "a user's star",
            "principal at byte 137: \"*\" has the character '*' (CERT-WILDCARD-USER)"
        ) { $0.principals = packed("*") },
        Case(
            "a user's question mark",
            "principal at byte 138: \"a?\" has the character '?' (CERT-WILDCARD-USER)"
        ) { $0.principals = packed("a?") },
        Case("a user's upper case") { $0.principals = packed("Alice") },
    ]

    static let hosts = [
        Case("a host") { $0.forHost("web-1.example.org") },
        Case(
            "a host's star",
            "principal at byte 137: \"*.example.org\" has the character '*' (CERT-WILDCARD-HOST)"
        ) { $0.forHost("*.example.org") },
        Case(
            "a host's upper case",
            "principal at byte 137: \"Web1\" has the character 'W' (CERT-HOST-CASE)"
        ) { $0.forHost("Web1") },
    ]
}

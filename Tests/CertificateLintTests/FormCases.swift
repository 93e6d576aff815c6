// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Size, lengths, type name, nonce, validity, reserved field.
@Suite("The form of a certificate")
struct FormCases {
    static let all = sizes + types + others + times

    @Test("each fault is told in its words, and nothing else is", arguments: all)
    func faults(_ example: Case) throws {
        let found = try findings(example.change)
        #expect(found == example.expected)
    }

    private static let name = "ssh-ed25519-cert-v01@openssh.com"

    static let sizes = [
        Case("the longest") { $0.nonce = noise(63_253) },
        Case(
            "one byte too long",
            "certificate at byte 0: 65537 bytes exceed the limit of 65536 (CERT-SIZE)"
        ) { crafted in
            let count = try crafted.blob().count
            crafted.nonce = noise(32 + 65_537 - count)
        },
        Case(
            "no room for the longest signature",
            "certificate at byte 0: 63465 bytes to be signed exceed the limit of 63464 (CERT-SIZE)"
        ) { $0.nonce = noise(63_254) },
        Case(
            "longer than a packet",
            "certificate at byte 0: 262400 bytes do not fit into 262144 (CERT-PACKET)",
            "certificate at byte 0: 262400 bytes exceed the limit of 65536 (CERT-SIZE)"
        ) { crafted in
            let count = try crafted.blob().count
            crafted.nonce = noise(32 + 262_400 - count)
        },
        Case(
            "a list that is cut off",
            "principal at byte 146: needs 9 bytes, 1 are left (CERT-TRUNCATED)"
        ) { $0.principals += [0, 0, 0, 9, 0x62] },
        Case(
            "bytes behind the signature",
            "certificate at byte 330: 2 bytes are left over (CERT-TRAILING)"
        ) { $0.rest = [0, 0] },
        Case(
            "a reserved field with something in it",
            "reserved at byte 188: 3 bytes are left over (CERT-RESERVED)"
        ) { $0.reserved = [1, 2, 3] },
    ]

    static let types = [
        Case(
            "a plain key",
            "certificate type at byte 4: \"ssh-ed25519\" is a plain key (CERT-TYPE-PLAIN)",
            "signature at byte 309: there is no signature key (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.typeName = Array("ssh-ed25519".utf8) },
        Case(
            "the name of an algorithm",
            "certificate type at byte 4: \"rsa-sha2-512-cert-v01@openssh.com\" names a signature "
                + "algorithm (CERT-TYPE-ALGORITHM)"
        ) {
            $0.certify(try CraftedCertificate.Keys.ready.get().rsa.publicKey)
            $0.typeName = Array("rsa-sha2-512-cert-v01@openssh.com".utf8)
        },
        Case(
            "a name of the draft",
            "certificate type at byte 4: \"ssh-ed25519-cert\" is a name of the draft "
                + "(CERT-TYPE-DRAFT)"
        ) { $0.typeName = Array("ssh-ed25519-cert".utf8) },
        Case(
            "DSA",
            "certificate type at byte 4: \"ssh-dss-cert-v01@openssh.com\" is a type of DSA keys "
                + "(CERT-TYPE-DSA)"
        ) {
            $0.typeName = Array("ssh-dss-cert-v01@openssh.com".utf8)
            $0.keyFields = [1, 2, 3, 4].flatMap { string([$0]) }
        },
        Case(
            "an unknown name",
            "certificate type at byte 4: \"x\\u{1B}\" is not known (CERT-TYPE-UNKNOWN)",
            "signature at byte 300: there is no signature key (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.typeName = [0x78, 0x1B] },
        Case(
            "a name of bytes that are no text",
            "certificate type at byte 4: \"\\xff\\x1b\" is not known (CERT-TYPE-UNKNOWN)",
            "signature at byte 300: there is no signature key (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.typeName = [0xFF, 0x1B] },
    ]

    static let others = [
        Case("a nonce of 16 bytes") { $0.nonce = noise(16) },
        Case(
            "a nonce of 15 bytes",
            "nonce at byte 40: 15 bytes are fewer than 16 (CERT-NONCE-SHORT)"
        ) { $0.nonce = noise(15) },
        Case(
            "an empty nonce", "nonce at byte 40: 0 bytes are fewer than 16 (CERT-NONCE-SHORT)"
        ) { $0.nonce = [] },
        Case(
            "a nonce of zeros", "nonce at byte 40: all 32 bytes are 0 (CERT-NONCE-CONSTANT)"
        ) { $0.nonce = [UInt8](repeating: 0, count: 32) },
    ]

    static let times = [
        Case("one second") { $0.validBefore = $0.validAfter + 1 },
        Case(
            "no second",
            "valid before at byte 150: 1795000000 is not after the start 1795000000 "
                + "(CERT-VALIDITY-EMPTY)"
        ) { $0.validBefore = $0.validAfter },
        Case(
            "the last end that all readers know",
            "valid before at byte 150: it lasts 106751991146525 days (CERT-VALIDITY-LONG)"
        ) { $0.validBefore = UInt64(Int64.max) },
        Case(
            "an end that some take for the past",
            "valid before at byte 150: 9223372036854775808 is neither below 2^63 nor 2^64-1 "
                + "(CERT-VALIDITY-RANGE)",
            "valid before at byte 150: it lasts 106751991146525 days (CERT-VALIDITY-LONG)"
        ) { $0.validBefore = 1 << 63 },
        Case(
            "a start that some take for the past",
            "valid after at byte 142: 9223372036854775808 is not below 2^63 (CERT-VALIDITY-RANGE)",
            "valid before at byte 150: it never ends (CERT-VALIDITY-FOREVER)"
        ) {
            $0.validAfter = 1 << 63
            $0.validBefore = .max
        },
        Case(
            "for ever", "valid before at byte 150: it never ends (CERT-VALIDITY-FOREVER)"
        ) { $0.validBefore = .max },
        Case(
            "always", "valid after at byte 142: it has always been valid (CERT-VALIDITY-ALWAYS)"
        ) { $0.validAfter = 0 },
        Case("366 days") { $0.validBefore = $0.validAfter + 366 * 86_400 },
        Case(
            "a second more",
            "valid before at byte 150: it lasts 366 days (CERT-VALIDITY-LONG)"
        ) { $0.validBefore = $0.validAfter + 366 * 86_400 + 1 },
    ]
}

/// Bytes that look random and are the same each time.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt32 = 9
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Files made by hand, read by us and by the installed ssh-keygen.
@Suite struct RevocationListReaderTests {
    private static let header =
        Array("SSHKRL\n\0".utf8) + number(1, 4) + number(3, 8) + number(4, 8) + number(0, 8)
        + string([]) + string([])

    private static func number(_ value: UInt64, _ length: Int) -> [UInt8] {
        (0..<length).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        number(UInt64(bytes.count), 4) + bytes
    }

    private static func section(_ type: UInt8, _ data: [UInt8]) -> [UInt8] {
        [type] + string(data)
    }

    /// A file with one certificates section about any authority.
    private static func file(_ type: UInt8, _ data: [UInt8]) -> [UInt8] {
        header + section(1, string([]) + string([]) + section(type, data))
    }

    private static func key(_ name: String, _ fields: [[UInt8]]) -> [UInt8] {
        string(Array(name.utf8)) + fields.flatMap(string)
    }

    private static let ed25519 = key("ssh-ed25519", [[UInt8](repeating: 9, count: 32)])

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// Whether ssh-keygen reads it too.
        var known = false
        /// The text of our refusal.
        let refusal: String

        var testDescription: String { name }
    }

    static let refused = [
        Case(name: "nothing", bytes: [], refusal: "magic at byte 0: needs 8 bytes, 0 are left"),
        Case(
            name: "another magic", bytes: Array("SSHKRL\n\u{1}".utf8) + header.dropFirst(8),
            refusal: "magic at byte 0: the file is not a KRL"),
        Case(
            name: "format 2", bytes: Array(header[..<8]) + number(2, 4) + header.dropFirst(12),
            refusal: "format_version at byte 8: 2 is not 1"),
        Case(
            name: "NUL in the comment",
            bytes: header.dropLast(4) + string(Array("a\0b".utf8)),
            refusal: "comment at byte 44: text has a NUL byte"),
        Case(
            name: "comment that is not UTF-8", bytes: header.dropLast(4) + string([0xFF]),
            known: true, refusal: "comment at byte 44: text is not UTF-8"),
        Case(
            name: "unknown section", bytes: header + section(6, []),
            refusal: "section_type at byte 44: \"6\" is not known"),
        Case(
            name: "signature section",
            bytes: header + [4] + string(ed25519) + string([UInt8](repeating: 0, count: 64)),
            refusal: "section_type at byte 44: signatures are not read"),
        Case(
            name: "extension section",
            bytes: header + section(255, string(Array("x@y".utf8)) + [0] + string([])),
            refusal: "section_type at byte 44: extensions are not read"),
        Case(
            name: "certificates extension",
            bytes: file(0x39, string(Array("x@y".utf8)) + [0] + string([])),
            refusal: "cert_section_type at byte 57: extensions are not read"),
        Case(
            name: "unknown certificates subsection", bytes: file(0x24, []),
            refusal: "cert_section_type at byte 57: \"36\" is not known"),
        Case(
            name: "serial 0 in a list", bytes: file(0x20, number(5, 8) + number(0, 8)),
            refusal: "serial at byte 70: serial 0 stands for none"),
        Case(
            name: "serial 0 in a range", bytes: file(0x21, number(0, 8) + number(5, 8)),
            refusal: "serial_min at byte 62: serial 0 stands for none"),
        Case(
            name: "serial 0 as a range", bytes: file(0x21, number(0, 8) + number(0, 8)),
            refusal: "serial_min at byte 62: serial 0 stands for none"),
        Case(
            name: "serial 0 in a bitmap", bytes: file(0x22, number(0, 8) + string([1])),
            refusal: "revoked_keys_bitmap at byte 74: serial 0 stands for none"),
        Case(
            name: "a range backwards", bytes: file(0x21, number(6, 8) + number(5, 8)),
            refusal: "serial_max at byte 70: 5 is below serial_min, 6"),
        Case(
            name: "two ranges in one subsection",
            bytes: file(0x21, number(1, 8) + number(2, 8) + number(4, 8) + number(5, 8)),
            refusal: "cert_section_data at byte 78: 16 bytes are left over"),
        Case(
            name: "half a serial", bytes: file(0x20, number(5, 8) + number(5, 4)),
            refusal: "serial at byte 70: needs 8 bytes, 4 are left"),
        Case(
            name: "bitmap beyond 64 bits", bytes: file(0x22, number(.max, 8) + string([2])),
            refusal: "serial_offset at byte 62: the bitmap leaves 64 bits"),
        Case(
            name: "negative bitmap", bytes: file(0x22, number(1, 8) + string([0x80])),
            refusal: "revoked_keys_bitmap at byte 74: integer is negative"),
        Case(
            name: "bitmap of 16,385 bits",
            bytes: file(
                0x22, number(1, 8) + string([1] + [UInt8](repeating: 0, count: 2048))),
            refusal: "revoked_keys_bitmap at byte 74: 2049 bytes exceed the limit of 2048"),
        Case(
            name: "bitmap of 2,050 bytes",
            bytes: file(0x22, number(1, 8) + string([UInt8](repeating: 0, count: 2050))),
            refusal: "revoked_keys_bitmap at byte 70: 2050 bytes exceed the limit of 2049"),
        Case(
            name: "bytes behind a bitmap", bytes: file(0x22, number(1, 8) + string([1]) + [0]),
            refusal: "cert_section_data at byte 75: 1 bytes are left over"),
        Case(
            name: "NUL in a key ID", bytes: file(0x23, string(Array("a\0b".utf8))),
            refusal: "key_id at byte 66: text has a NUL byte"),
        Case(
            name: "NUL at the end of a key ID", bytes: file(0x23, string(Array("ab\0".utf8))),
            known: true, refusal: "key_id at byte 66: text has a NUL byte"),
        Case(
            name: "key ID that is not UTF-8", bytes: file(0x23, string([0xC3])), known: true,
            refusal: "key_id at byte 66: text is not UTF-8"),
        Case(
            name: "authority key of unknown kind",
            bytes: header + section(1, string(key("ssh-new", [])) + string([])),
            refusal: "ca_key, public key type at byte 57: \"ssh-new\" is not known"),
        Case(
            name: "authority key with bytes behind it",
            bytes: header + section(1, string(ed25519 + [0]) + string([])),
            refusal: "ca_key, public key at byte 104: 1 bytes are left over"),
        Case(
            name: "authority RSA key of 1,023 bits",
            bytes: header
                + section(
                    1,
                    string(key("ssh-rsa", [[1, 0, 1], [UInt8](repeating: 0x7F, count: 128)]))
                        + string([])),
            refusal: "ca_key at byte 49: 1023 bits are less than OpenSSH reads, 1024"),
        Case(
            name: "explicit key of unknown kind",
            bytes: header + section(2, string(key("ssh-new", []))), known: true,
            refusal: "public_key, public key type at byte 57: \"ssh-new\" is not known"),
        Case(
            name: "SHA-1 hash of 19 bytes",
            bytes: header + section(3, string([UInt8](repeating: 1, count: 19))),
            refusal: "SHA-1 hash at byte 53: 19 bytes are not 20"),
        Case(
            name: "SHA-256 hash of 33 bytes",
            bytes: header + section(5, string([UInt8](repeating: 1, count: 33))),
            refusal: "SHA-256 hash at byte 53: 33 bytes are not 32"),
        Case(
            name: "a byte behind the last section", bytes: header + section(5, []) + [0],
            refusal: "section_data at byte 50: needs 4 bytes, 0 are left"),
        Case(
            name: "a section longer than the file", bytes: header + [5, 255, 255, 255, 255],
            refusal: "section_data at byte 49: needs 4294967295 bytes, 0 are left"),
    ]

    @Test("what OpenSSH refuses is refused, with its place", arguments: refused)
    func refusals(_ file: Case) throws {
        #expect {
            try RevocationList(parsing: file.bytes)
        } throws: {
            "\($0)" == file.refusal
        }
        // An empty file is a list of no keys for ssh-keygen: it revokes nothing.
        guard !file.bytes.isEmpty else { return }
        #expect((try RevocationJudge().listing(file.bytes) != nil) == file.known)
    }

    static let accepted: [(name: String, bytes: [UInt8], listing: [String])] = [
        (
            "flags and a reserved text",
            Array(header[..<28]) + number(7, 8) + string([1, 2]) + string([]), []
        ),
        ("no subsections", header + section(1, string([]) + string([9])), []),
        (
            "empty subsections",
            header + section(1, string([]) + string([]) + section(0x20, []) + section(0x23, [])),
            []
        ),
        ("empty sections", header + section(2, []) + section(3, []) + section(5, []), []),
        (
            "an unsorted list that repeats itself",
            file(0x20, number(9, 8) + number(5, 8) + number(9, 8) + number(6, 8)),
            ["serial: 5-6", "serial: 9"]
        ),
        (
            "a list and a range that overlap",
            header
                + section(
                    1,
                    string([]) + string([]) + section(0x21, number(5, 8) + number(9, 8))
                        + section(0x20, number(10, 8) + number(7, 8) + number(1, 8))
                        + section(0x21, number(8, 8) + number(12, 8))),
            ["serial: 1", "serial: 5-12"]
        ),
        (
            "two sections about one authority",
            file(0x20, number(3, 8))
                + section(1, string([]) + string([]) + section(0x20, number(4, 8))),
            ["serial: 3-4"]
        ),
        (
            "the whole range", file(0x21, number(1, 8) + number(.max, 8)),
            ["serial: 1-18446744073709551615"]
        ),
        (
            "the last serial in a bitmap", file(0x22, number(.max - 8, 8) + string([1, 1])),
            ["serial: 18446744073709551607", "serial: 18446744073709551615"]
        ),
        (
            "a bitmap from 0 without 0", file(0x22, number(0, 8) + string([0x12])),
            ["serial: 1", "serial: 4"]
        ),
        ("an empty bitmap", file(0x22, number(0, 8) + string([])), []),
        (
            "a bitmap of zeros from the last serial", file(0x22, number(.max, 8) + string([0, 0])),
            []
        ),
        (
            "a bitmap with needless zeros", file(0x22, number(7, 8) + string([0, 0, 0, 3])),
            ["serial: 7-8"]
        ),
        (
            "a bitmap of 16,384 bits",
            file(
                0x22, number(1, 8) + string([0, 0x80] + [UInt8](repeating: 0, count: 2047))),
            ["serial: 16384"]
        ),
        (
            "key IDs out of order", file(0x23, string([0x62]) + string([]) + string([0x61])),
            ["id: ", "id: a", "id: b"]
        ),
    ]

    @Test("what OpenSSH reads is read with the same content", arguments: accepted.indices)
    func acceptance(_ index: Int) throws {
        let file = Self.accepted[index]
        let list = try RevocationList(parsing: file.bytes)
        #expect(list.version == 3 && list.generated == 4, "\(file.name)")
        #expect(revocationListing(list) == file.listing, "\(file.name)")
        #expect(try RevocationJudge().listing(file.bytes) == file.listing, "\(file.name)")
        let written = try list.encoded()
        #expect(try RevocationList(parsing: written) == list, "\(file.name)")
        #expect(try RevocationJudge().listing(written) == file.listing, "\(file.name)")
    }
}

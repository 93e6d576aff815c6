// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Files that not every release of OpenSSH reads, or that no writer should have written.
@Suite struct RevocationListReadingTests {
    private typealias Raw = RawRevocationList
    private static let header = RawRevocationList.header

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// Whether the installed ssh-keygen, 9.2, reads it.
        var known = true
        /// What is remarked, and at which byte.
        let remarks: [String]

        var testDescription: String { name }
    }

    private static func file(_ parts: [UInt8]...) -> [UInt8] { header + parts.joined() }

    static let read = [
        Case(
            name: "an extension", bytes: file(Raw.section(255, Raw.extension(Array("x@y".utf8)))),
            known: false, remarks: ["extension 44", "nothing-revoked 62"]),
        Case(
            name: "an extension with a name that ends with NUL",
            bytes: file(Raw.section(255, Raw.extension(Array("x@y\0".utf8)))), known: false,
            remarks: ["final-nul 53", "extension 44", "nothing-revoked 63"]),
        Case(
            name: "an extension with a name that isn't UTF-8",
            bytes: file(Raw.section(255, Raw.extension([0xFF]))), known: false,
            remarks: ["extension-text 53", "extension 44", "nothing-revoked 60"]),
        Case(
            name: "two extensions",
            bytes: file(
                Raw.section(255, Raw.extension([0x61])), Raw.section(255, Raw.extension([0x62])),
                Raw.certificates([], Raw.list(5))), known: false, remarks: ["extension 44"]),
        Case(
            name: "an extension within certificates",
            bytes: file(
                Raw.certificates(
                    [], Raw.section(0x39, Raw.extension(Array("x@y".utf8))) + Raw.list(5))),
            known: false, remarks: ["certificates-extension 57"]),
        Case(
            name: "nothing but an extension within certificates",
            bytes: file(Raw.certificates([], Raw.section(0x39, Raw.extension([])))), known: false,
            remarks: ["certificates-extension 57", "nothing-revoked 72"]),
        Case(
            name: "a signature that is bad",
            bytes: file(
                Raw.certificates([], Raw.list(5)), [4], Raw.string(Raw.ed25519),
                Raw.string([UInt8](repeating: 0, count: 64))), known: false,
            remarks: ["signature 70"]),
        Case(
            name: "a signature by no key",
            bytes: file(
                [4], Raw.string([]), Raw.string([]), Raw.section(2, Raw.string(Raw.ed25519))),
            known: false, remarks: ["signature 44", "section-after-signature 53"]),
        Case(
            name: "an authority key that is DSA",
            bytes: file(Raw.certificates(Raw.dss, Raw.list(5))),
            remarks: ["authority-dsa 49"]),
        Case(
            name: "an authority key of ML-DSA",
            bytes: file(
                Raw.certificates(
                    Raw.key(
                        "ssh-mldsa44-ed25519@openssh.com", [[UInt8](repeating: 1, count: 1344)]),
                    Raw.list(5))), known: false, remarks: ["authority-kind 49"]),
        Case(
            name: "an authority key with zeros in front of its numbers",
            bytes: file(
                Raw.certificates(Raw.key("ssh-rsa", [[0, 0, 3], [0, 0] + Raw.rsa]), Raw.list(5))),
            remarks: ["authority-padding 49"]),
        Case(
            name: "two sections about one authority",
            bytes: file(
                Raw.certificates(Raw.ed25519, Raw.list(5)),
                Raw.certificates(Raw.ed25519, Raw.list(6))), remarks: ["authority-repeated 126"]),
        Case(
            name: "a certificate among the keys",
            bytes: file(
                Raw.section(2, Raw.string(Raw.key("ssh-ed25519-cert-v01@openssh.com", [[1]])))),
            remarks: ["key-certificate 53"]),
        Case(
            name: "a key of an unknown kind",
            bytes: file(Raw.section(2, Raw.string(Raw.key("ssh-new", [])))),
            remarks: ["key-unknown 53"]),
        Case(
            name: "no key at all", bytes: file(Raw.section(2, Raw.string([1, 2, 3]))),
            remarks: ["key-unknown 53"]),
        Case(
            name: "an empty key", bytes: file(Raw.section(2, Raw.string([]))),
            remarks: ["key-unknown 53"]),
        Case(name: "a DSA key", bytes: file(Raw.section(2, Raw.string(Raw.dss))), remarks: []),
        Case(
            name: "a key twice",
            bytes: file(Raw.section(2, Raw.string(Raw.ed25519) + Raw.string(Raw.ed25519))),
            remarks: []),
        Case(
            name: "SHA-1 hashes",
            bytes: file(Raw.section(3, Raw.string([UInt8](repeating: 1, count: 20)))),
            remarks: ["sha1-hashes 44"]),
        Case(
            name: "SHA-256 hashes",
            bytes: file(Raw.section(5, Raw.string([UInt8](repeating: 1, count: 32)))),
            remarks: []),
        Case(
            name: "empty sections", bytes: file(Raw.section(2, []), Raw.section(5, [])),
            remarks: ["empty-section 44", "nothing-revoked 54"]),
        Case(
            name: "an empty list of serials", bytes: file(Raw.certificates([], Raw.list())),
            remarks: ["empty-section 57", "nothing-revoked 62"]),
        Case(
            name: "an empty bitmap",
            bytes: file(
                Raw.certificates([], Raw.section(0x22, Raw.number(1, 8) + Raw.string([])))),
            remarks: ["empty-bitmap 62"]),
        Case(
            name: "serials that don't ascend",
            bytes: file(Raw.certificates([], Raw.list(9, 5, 9))), remarks: ["unsorted 70"]),
        Case(
            name: "a serial twice", bytes: file(Raw.certificates([], Raw.list(9, 9))),
            remarks: ["unsorted 70"]),
        Case(
            name: "flags",
            bytes: header[..<28] + Raw.number(1, 8) + header[36...]
                + Raw.certificates([], Raw.list(5)),
            remarks: ["flags 28"]),
        Case(
            name: "reserved texts",
            bytes: header[..<36] + Raw.string([1]) + Raw.string([])
                + Raw.section(1, Raw.string([]) + Raw.string([2]) + Raw.list(5)),
            remarks: ["reserved 36"]),
        Case(
            name: "a comment that ends with NUL",
            bytes: header.dropLast(4) + Raw.string("hello\0") + Raw.certificates([], Raw.list(5)),
            remarks: ["final-nul 44"]),
        Case(
            name: "a comment that isn't UTF-8",
            bytes: header.dropLast(4) + Raw.string([0xC3]) + Raw.certificates([], Raw.list(5)),
            remarks: ["comment-text 44"]),
        Case(
            name: "a key ID that ends with NUL",
            bytes: file(Raw.certificates([], Raw.section(0x23, Raw.string("ab\0")))),
            remarks: ["final-nul 66"]),
        Case(
            name: "a key ID that isn't UTF-8",
            bytes: file(Raw.certificates([], Raw.section(0x23, Raw.string([0xFF])))),
            remarks: ["key-id-text 66"]),
        Case(
            name: "an empty key ID",
            bytes: file(Raw.certificates([], Raw.section(0x23, Raw.string([])))), remarks: []),
        Case(name: "no section", bytes: header, remarks: ["nothing-revoked 44"]),
        Case(
            name: "an authority without serials", bytes: file(Raw.certificates(Raw.ed25519)),
            remarks: ["nothing-revoked 108"]),
    ]

    @Test("what some release reads is read, and what is remarkable has its place", arguments: read)
    func reading(_ file: Case) throws {
        let reading = try RevocationListReading(parsing: file.bytes)
        #expect(
            reading.remarks.all.map { "\($0.kind.rawValue) \($0.offset)" } == file.remarks)
        #expect(reading.list.version == 3 && reading.list.generated == 4)
        #expect((try RevocationJudge().listing(file.bytes) != nil) == file.known)
        // The verdict of the old releases is what the one that is installed does.
        let verdicts = reading.remarks.all.map { $0.kind.verdict(of: .before94) }
        #expect(
            reading.remarks.refusing.contains(.before94) == !file.known
                || verdicts.contains(.verified))
        // Whatever it was, the content is written so that it is remarked no more.
        let hasForeignAuthority = reading.list.authorities.contains {
            !$0.keyBlob.isEmpty && (try? PublicKey(blob: $0.keyBlob)) == nil
        }
        guard !hasForeignAuthority else { return }
        let written = try reading.list.encoded()
        let again = try RevocationListReading(parsing: written)
        #expect(again.list.revokesTheSame(as: reading.list))
        let content: Set<RevocationListRemark.Kind> = [
            .keyCertificate, .keyUnknown, .sha1Hashes, .keyIDText, .commentText, .nothingRevoked,
            .authorityKind,
        ]
        #expect(again.remarks.all.allSatisfy { content.contains($0.kind) })
    }

    static let refused: [(name: String, bytes: [UInt8], refusal: String)] = [
        (
            "a critical extension",
            file(Raw.section(255, Raw.extension(Array("x@y".utf8), critical: 1))),
            "is_critical at byte 56: the extension \"x@y\" is critical"
        ),
        (
            "an extension that is critical by another byte",
            file(Raw.section(255, Raw.extension(Array("x\n".utf8), critical: 2))),
            "is_critical at byte 55: the extension \"x\\x0a\" is critical"
        ),
        (
            "a critical extension within certificates",
            file(Raw.certificates([], Raw.section(0x39, Raw.extension([], critical: 255)))),
            "is_critical at byte 66: the extension \"\" is critical"
        ),
        (
            "an extension with bytes behind it",
            file(Raw.section(255, Raw.extension([0x61]) + [0])),
            "section_data at byte 60: 1 bytes are left over"
        ),
        (
            "an extension without contents", file(Raw.section(255, Raw.string("a") + [0])),
            "extension_contents at byte 55: needs 4 bytes, 0 are left"
        ),
        (
            "an extension with a NUL in its name",
            file(Raw.section(255, Raw.extension(Array("a\0b".utf8)))),
            "extension_name at byte 53: text has a NUL byte"
        ),
        (
            "a signature section without a signature", file([4], Raw.string(Raw.ed25519)),
            "signature at byte 100: needs 4 bytes, 0 are left"
        ),
        (
            "two NULs at the end of a key ID",
            file(Raw.certificates([], Raw.section(0x23, Raw.string("a\0\0")))),
            "key_id at byte 66: text has a NUL byte"
        ),
        (
            "an authority key of unknown kind",
            file(Raw.certificates(Raw.key("ssh-new", []))),
            "ca_key, public key type at byte 57: \"ssh-new\" is not known"
        ),
        (
            "an authority key that is no key", file(Raw.certificates([1, 2, 3])),
            "ca_key, public key type at byte 53: needs 4 bytes, 3 are left"
        ),
        (
            "an RSA authority key of 1,023 bits with zeros in front",
            file(Raw.certificates(Raw.key("ssh-rsa", [[0, 3], [0] + Raw.rsa.dropFirst()]))),
            "ca_key at byte 49: 1023 bits are less than OpenSSH reads, 1024"
        ),
        (
            "an authority key whose number is negative",
            file(Raw.certificates(Raw.key("ssh-rsa", [[3], [0x80]]))),
            "ca_key, n at byte 73: integer is negative"
        ),
        (
            "serial 0", file(Raw.certificates([], Raw.list(0))),
            "serial at byte 62: serial 0 stands for none"
        ),
    ]

    @Test("what every release refuses is refused, with its place", arguments: refused.indices)
    func refusals(_ index: Int) throws {
        let file = Self.refused[index]
        #expect {
            _ = try RevocationListReading(parsing: file.bytes)
        } throws: {
            "\($0)" == file.refusal
        }
        #expect(try RevocationJudge().listing(file.bytes) == nil, "\(file.name)")
    }

    @Test("what may be published is read by both rules, with the same content", arguments: 0..<30)
    func bothRules(seed: UInt64) throws {
        let bytes = try RevocationListTests.random(seed: seed).encoded()
        let strict = try RevocationList(parsing: bytes)
        let reading = try RevocationListReading(parsing: bytes)
        #expect(try strict.contents().revokesTheSame(as: reading.list))
        #expect(reading.remarks.refusing.isEmpty)
        #expect(try reading.list.encoded() == bytes)
    }

    @Test("what only some releases read may not be published")
    func strictness() {
        for name in [
            "an extension", "a signature that is bad", "an authority key that is DSA",
            "an authority key of ML-DSA", "a key of an unknown kind", "a key ID that isn't UTF-8",
        ] {
            let file = Self.read.first { $0.name == name }
            #expect(throws: FormatError.self) { try RevocationList(parsing: file?.bytes ?? []) }
        }
    }

    @Test("sections are told with their places and lengths")
    func sections() throws {
        let bytes = Self.file(
            Raw.certificates([], Raw.list(5, 9) + Raw.section(0x23, Raw.string("ab"))),
            Raw.section(2, Raw.string(Raw.ed25519)))
        let reading = try RevocationListReading(parsing: bytes, keepsSections: true)
        #expect(
            reading.sections.map { "\($0.isNested) \($0.name) \($0.offset) \($0.length)" } == [
                "false certificates 44 40", "true serial list 57 16", "true key IDs 78 6",
                "false explicit keys 89 55",
            ])
        #expect(try RevocationListReading(parsing: bytes).sections.isEmpty)
    }

    @Test("each kind of remark has a verdict for each release and an explanation of its own")
    func table() {
        let kinds = RevocationListRemark.Kind.allCases
        #expect(Set(kinds.map(\.explanation)).count == kinds.count)
        #expect(RevocationListRemark.Kind.extension.verdict(of: .before94) == .refused)
        #expect(RevocationListRemark.Kind.extension.verdict(of: .from94) == .ignored)
        #expect(RevocationListRemark.Kind.signature.verdict(of: .before94) == .verified)
        #expect(RevocationListRemark.Kind.signature.verdict(of: .from101) == .ignored)
        #expect(RevocationListRemark.Kind.authorityDSA.verdict(of: .from94) == .read)
        #expect(RevocationListRemark.Kind.authorityDSA.verdict(of: .from101) == .refused)
        #expect(RevocationListRemark.Kind.authorityKind.verdict(of: .from94) == .refused)
        #expect(RevocationListRemark.Kind.authorityKind.verdict(of: .from101) == .mayRefuse)
        #expect(RevocationListRemark.Kind.sha1Hashes.verdict(of: .from101) == .read)
    }
}

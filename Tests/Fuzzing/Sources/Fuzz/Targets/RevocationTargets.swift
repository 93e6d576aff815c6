// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// Key revocation lists.
let revocationTargets = [
    // The same may be said in many ways: what is written must read as an equal list, be a fixed
    // point, and never take more bytes than what was read. A file that ends where a section does is
    // a shorter list, to OpenSSH as well.
    FuzzTarget(
        "krl", maximumLength: 4_096, dictionary: .wire,
        memory: MemoryBound(perByte: 48, constant: 65_536),
        cuts: .at { bytes, length in RevocationBytes.sectionEnds(in: bytes).contains(length) },
        growths: revocationGrowths
    ) { bytes in
        .of({ try RevocationList(parsing: bytes) }) { list in
            let written = try list.encoded()
            try require(
                written.count <= bytes.count,
                "\(bytes.count) bytes are written as \(written.count)")
            let again = try RevocationList(parsing: written)
            try require(again == list, "the list written reads otherwise")
            try require(try again.encoded() == written, "the list is no fixed point")
            try requireAnswers(of: list)
            try requireQuery(bytes, answersAs: list)
            let reading = try RevocationListReading(parsing: bytes)
            try require(
                reading.list.revokesTheSame(as: try list.contents()), "the wide reader differs")
        }
    },

    // As any release of OpenSSH would read it. Sections lie within the file; what can be written
    // again revokes the same.
    FuzzTarget(
        "krl-reading", dictionary: .wire, memory: MemoryBound(perByte: 48, constant: 65_536),
        cuts: .at { bytes, length in RevocationBytes.sectionEnds(in: bytes).contains(length) },
        growths: revocationGrowths + [
            Growth("extensions", 8_192...262_144) { count in
                RevocationBytes.head
                    + wire {
                        for _ in 0..<count {
                            $0.section(255) {
                                $0.string("x")
                                $0.byte(0)
                                $0.string("")
                            }
                        }
                    }
            },
            Growth("signatures", 8_192...262_144) { count in
                RevocationBytes.head
                    + wire {
                        for _ in 0..<count {
                            $0.byte(4)
                            $0.string(KeyBytes.ed25519(1))
                            $0.string(KeyBytes.signature)
                        }
                    }
            },
        ]
    ) { bytes in
        .of({ try RevocationListReading(parsing: bytes, keepsSections: true) }) {
            try requireSound($0, of: bytes)
        }
    },
]

private func requireSound(_ reading: RevocationListReading, of bytes: [UInt8]) throws {
    for section in reading.sections {
        try require(
            section.offset >= 0 && section.length >= 0
                && section.offset + section.length < bytes.count,
            "a section lies outside")
    }
    for remark in reading.remarks.all { try requireVisible(remark.kind.explanation) }
    guard let written = try? reading.list.encoded() else { return }
    let again = try RevocationListReading(parsing: written)
    try require(again.list.revokesTheSame(as: reading.list), "it is written as another")
    try require(try again.list.encoded() == written, "the list is no fixed point")
    var scanner = RevocationListScanner(
        RevocationListCheck(reading.list), rules: .openSSH)
    try scanner.scan(written)
    let difference = scanner.withVisitor { $0.difference() }
    try require(difference == nil, "the check finds a difference: \(difference ?? "")")
    let tools = revocationTools
    try require(
        RevocationDifference(reading.list, minus: again.list, tools: tools).isEmpty,
        "the list differs from itself")
}

/// What certificates of the list's first authorities are told, by the query as by the list.
private func requireQuery(_ bytes: [UInt8], answersAs list: RevocationList) throws {
    for part in list.authorities.prefix(3) {
        let authority = try part.key ?? PublicKey(blob: KeyBytes.ed25519(2))
        let range = part.serials.ranges.first { _ in true }
        for serial in [range?.lowerBound, range.map { $0.upperBound &+ 1 }, 1].compactMap(\.self) {
            let blob = certificate(
                serial: serial, keyID: part.keyIDs.last ?? "key id", authority: authority.blob)
            guard let subject = try? RevocationSubject(blob: blob),
                let certification = subject.certificate, let key = subject.key
            else { continue }
            var scanner = RevocationListScanner(
                RevocationQuery([subject], sha1: { sha1($0) }, sha256: revocationTools.sha256),
                rules: .openSSH)
            try scanner.scan(bytes)
            let found = scanner.visitor.answers[0]
            let expected = list.revokes(
                serial: serial, keyID: String(decoding: certification.keyID, as: UTF8.self),
                subjectKey: key, authority: authority, sha256: revocationTools.sha256,
                sha1: { sha1($0) })
            try require(
                (found == nil) == (expected == nil),
                "serial \(serial): the query says \(found as Any), the list \(expected as Any)")
        }
    }
}

/// The digests of libcrypto; every certificate's signature counts.
let revocationTools = RevocationTools(
    sha1: { sha1($0) }, sha256: { SHA256Digest(hashing: $0).bytes }, signatureFault: { _ in nil })

/// What the list says of serials at the ends of its ranges and beside them.
private func requireAnswers(of list: RevocationList) throws {
    for authority in list.authorities.prefix(4) {
        var last: ClosedRange<UInt64>?
        for range in authority.serials.ranges.prefix(64) {
            try require(range.lowerBound > 0, "serial 0 is in the list")
            if let last {
                try require(
                    last.upperBound < .max && last.upperBound + 1 < range.lowerBound,
                    "the ranges \(last) and \(range) touch")
            }
            last = range
            let (below, above) = (range.lowerBound &- 1, range.upperBound &+ 1)
            let inside = [range.lowerBound, range.upperBound]
            try require(
                inside.allSatisfy(authority.serials.contains), "\(range) is not in the set")
            try require(
                ![below, above].contains(where: authority.serials.contains),
                "a neighbour of \(range) is in the set")
        }
    }
}

private let revocationGrowths = [
    Growth("serials in a list", 4_096...262_144) { count in
        RevocationBytes.list {
            $0.section(0x20) { for serial in 1...UInt64(count) { $0.uint64(serial * 100) } }
        }
    },
    Growth("serials in no order", 4_096...262_144) { count in
        var numbers = Numbers(1)
        return RevocationBytes.list {
            $0.section(0x20) { for _ in 0..<count { $0.uint64(numbers.next() | 1) } }
        }
    },
    Growth("serials backwards", 4_096...262_144) { count in
        RevocationBytes.list {
            $0.section(0x20) { for serial in 1...UInt64(count) { $0.uint64(1 << 40 - serial * 3) } }
        }
    },
    Growth("every other serial", 4_096...262_144) { count in
        RevocationBytes.list {
            $0.section(0x20) { for serial in 1...UInt64(count) { $0.uint64(serial * 2) } }
        }
    },
    Growth("sections of one serial", 4_096...131_072) { count in
        RevocationBytes.list {
            for serial in 1...UInt64(count) { $0.section(0x20) { $0.uint64(serial * 1_000) } }
        }
    },
    Growth("ranges", 4_096...131_072) { count in
        RevocationBytes.list {
            for number in 1...UInt64(count) {
                $0.section(0x21) {
                    $0.uint64(number * 10_000)
                    $0.uint64(number * 10_000 + 5_000)
                }
            }
        }
    },
    Growth("ranges that overlap", 4_096...131_072) { count in
        RevocationBytes.list {
            for number in 1...UInt64(count) {
                $0.section(0x21) {
                    $0.uint64(number)
                    $0.uint64(.max - number)
                }
            }
        }
    },
    Growth("ranges just shorter than a bitmap", 8_192...65_536) { count in
        RevocationBytes.list {
            for number in 1...UInt64(count) {
                $0.section(0x21) {
                    $0.uint64(number * 90)
                    $0.uint64(number * 90 + 86)
                }
            }
        }
    },
    Growth("bitmaps", 64...2_048) { count in
        RevocationBytes.list {
            for number in 1...UInt64(count) {
                $0.section(0x22) {
                    $0.uint64(number << 20)
                    $0.string([UInt8](repeating: 0x55, count: 2_048))
                }
            }
        }
    },
    Growth("bitmaps of one bit", 4_096...131_072) { count in
        RevocationBytes.list {
            for number in 1...UInt64(count) {
                $0.section(0x22) {
                    $0.uint64(number << 10)
                    $0.string([1])
                }
            }
        }
    },
    Growth("empty subsections", 16_384...524_288) { count in
        RevocationBytes.list { for _ in 0..<count { $0.section(0x20) { _ in } } }
    },
    Growth("key IDs", 4_096...131_072) { count in
        RevocationBytes.list {
            $0.section(0x23) { for number in 0..<count { $0.string("alice-\(number)") } }
        }
    },
    Growth("empty key IDs", 16_384...262_144) { count in
        RevocationBytes.list { $0.section(0x23) { for _ in 0..<count { $0.string("") } } }
    },
    Growth("authorities", 512...16_384) { count in
        RevocationBytes.head
            + wire { writer in
                for number in 0..<count {
                    writer.section(1) {
                        $0.string(KeyBytes.ed25519(number))
                        $0.string("")
                        $0.section(0x20) { $0.uint64(7) }
                    }
                }
            }
    },
    Growth("parts of one authority", 1_024...32_768) { count in
        RevocationBytes.head
            + wire { writer in
                for number in 1...UInt64(count) {
                    writer.section(1) {
                        $0.string(KeyBytes.ed25519(1))
                        $0.string("")
                        $0.section(0x20) { $0.uint64(number * 77) }
                    }
                }
            }
    },
    Growth("keys", 1_024...32_768) { count in
        RevocationBytes.head
            + wire {
                $0.section(2) {
                    for number in 0..<count { $0.string(KeyBytes.ed25519(number)) }
                }
            }
    },
    Growth("SHA-256 hashes", 1_024...65_536) { count in
        RevocationBytes.head
            + wire {
                $0.section(5) {
                    for number in 0..<count {
                        $0.string(SHA256Digest(hashing: KeyBytes.ed25519(number)).bytes)
                    }
                }
            }
    },
    Growth("empty sections", 16_384...524_288) { count in
        RevocationBytes.head + wire { for _ in 0..<count { $0.section(5) { _ in } } }
    },
    Growth("comment", 65_536...2_097_152) { size in
        wire {
            $0.raw("SSHKRL\n\0".utf8)
            $0.uint32(1)
            for number in [3, 1_700_000_000, 0] as [UInt64] { $0.uint64(number) }
            $0.string("")
            $0.string(String(repeating: "é", count: size / 2))
        }
    },
]

/// KRL files, put together without regard to the library's own writer and reader.
enum RevocationBytes {
    /// All before the first section.
    static let head = wire {
        $0.raw("SSHKRL\n\0".utf8)
        $0.uint32(1)
        for number in [3, 1_700_000_000, 0] as [UInt64] { $0.uint64(number) }
        $0.string("")
        $0.string("a comment")
    }

    /// A file with one section of certificates, for any authority.
    static func list(_ body: (inout WireWriter) -> Void) -> [UInt8] {
        head
            + wire {
                $0.section(1) {
                    $0.string("")
                    $0.string("")
                    body(&$0)
                }
            }
    }

    /// The lengths at which a file of whole sections ends.
    static func sectionEnds(in bytes: [UInt8]) -> Set<Int> {
        var ends: Set<Int> = []
        var place = 8 + 4 + 3 * 8
        for _ in 0..<2 { place += 4 + length(at: place, in: bytes) }
        while place < bytes.count {
            ends.insert(place)
            // A signature's section is its key, and then the signature beside it.
            let parts = bytes[place] == 4 ? 2 : 1
            place += 1
            for _ in 0..<parts { place += 4 + length(at: place, in: bytes) }
        }
        return ends
    }

    private static func length(at place: Int, in bytes: [UInt8]) -> Int {
        bytes.dropFirst(place).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}

extension WireWriter {
    /// A section or a subsection.
    mutating func section(_ type: UInt8, _ body: (inout WireWriter) -> Void) {
        byte(type)
        string(wire(body))
    }
}

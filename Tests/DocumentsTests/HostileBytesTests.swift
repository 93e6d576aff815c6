// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

/// A small generator with a fixed seed, so that a failure comes back.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite struct HostileBytesTests {
    private let good = Array(
        "conclave-policy: v1\nlifetime: 7d\n\nprofile: Åsa\nprincipal: bob\n\nx: 0\n".utf8)

    /// Reads `bytes`; what is accepted must be written again to the same bytes.
    private func read(_ bytes: [UInt8]) throws {
        _ = Document.kind(of: bytes)
        do throws(Violations) {
            let document = try Document(parsing: bytes, kind: "policy", utf8Fields: ["profile"])
            var writer = DocumentWriter(kind: "policy")
            for (index, block) in document.blocks.enumerated() {
                if index > 0 { writer.block() }
                for field in block.fields { writer.field(field.name, field.value) }
            }
            #expect(writer.bytes == bytes)
            #expect(writer.faults == [])
            try document.requireCanonical(writer.bytes)
        } catch {
            #expect(!error.all.isEmpty)
            let shown = error.description
            #expect(
                shown.unicodeScalars.allSatisfy {
                    $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F)
                })
        }
    }

    @Test("every beginning of a text is read or refused")
    func prefixes() throws {
        for length in 0...good.count { try read(Array(good[..<length])) }
    }

    @Test("a text with any one byte changed, dropped or doubled is read or refused")
    func changes() throws {
        var generator = SplitMix(seed: 1)
        for index in good.indices {
            for byte in [0x00, 0x0A, 0x0D, 0x20, 0x3A, 0x7F, 0x80, 0xC3, 0xFF, generator.next()] {
                var changed = good
                changed[index] = UInt8(truncatingIfNeeded: byte)
                try read(changed)
                changed.insert(good[index], at: index)
                try read(changed)
            }
            var dropped = good
            dropped.remove(at: index)
            try read(dropped)
        }
    }

    @Test("random bytes are read or refused")
    func random() throws {
        var generator = SplitMix(seed: 2)
        let alphabet = Array("\n\n\r: abZ0-\t\u{7F}é\u{202E}".utf8) + [0xFF, 0x00]
        for _ in 0..<2_000 {
            let length = Int.random(in: 0...60, using: &generator)
            let noise = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            try read(noise)
            try read(Array("conclave-policy: v1\n".utf8) + noise)
        }
    }

    @Test("escape sequences of a terminal are never in a message")
    func escapes() {
        #expect(
            faults("\u{1B}[2J\n") == [
                #"line 1: the first line is "\u{1B}[2J", not "conclave-policy: v1" (DOC-HEAD)"#
            ])
        #expect(
            faults("conclave-policy: v1\na\u{9B}2J: x\n\"\\\n") == [
                #"line 2: field name "a\u{9B}2J" is not of the form [a-z][a-z0-9-]*, at most 32 bytes (DOC-LINE)"#,
                #"line 3: "\"\\" is not of the form "name: value" (DOC-LINE)"#,
            ])
    }

    @Test("long text from outside is cut in a message")
    func cut() {
        #expect(
            quoted(String(repeating: "a", count: 80)) == "\"" + String(repeating: "a", count: 80)
                + "\"")
        #expect(
            quoted(String(repeating: "a", count: 81)) == "\"" + String(repeating: "a", count: 80)
                + "\"…")
        #expect(quoted("abc", limit: 2) == "\"ab\"…")
        #expect(quoted("") == "\"\"")
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct DocumentValueTests {
    @Test("a value has at least one character", arguments: ["x:\n", "x: \n"])
    func notEmpty(line: String) {
        #expect(
            faults("conclave-policy: v1\n" + line) == [
                #"line 2: field "x" has no value (DOC-VALUE)"#
            ])
    }

    @Test("a value does not end with a space")
    func trailingSpace() {
        #expect(
            faults("conclave-policy: v1\nx: y \n") == [
                #"line 2: field "x" ends with a space (DOC-VALUE)"#
            ])
    }

    @Test("every printable ASCII character is a value, every control character is none")
    func asciiCharacters() {
        for byte in UInt8(0)...0x7F where byte != 0x0A && byte != 0x0D {
            let told = faults(Array("conclave-policy: v1\nx: a".utf8) + [byte, 0x62, 0x0A])
            if (0x20...0x7E).contains(byte) {
                #expect(told == [])
            } else {
                let code = String(byte, radix: 16, uppercase: true)
                let name = "U+00" + (code.count == 1 ? "0" : "") + code
                #expect(
                    told == [
                        "line 2: field \"x\" holds \(name), a character that cannot be seen for"
                            + " what it is (DOC-VALUE)"
                    ])
            }
        }
    }

    @Test("UTF-8 stands only in the fields that may hold it")
    func utf8Fields() {
        let text = "conclave-policy: v1\nname: Åsa Öberg 山田 🜂\n"
        #expect(faults(text, utf8Fields: ["name"]) == [])
        #expect(
            faults(text, utf8Fields: ["purpose"]) == [
                #"line 2: field "name" holds U+00C5; only ASCII is allowed here (DOC-VALUE)"#
            ])
    }

    @Test(
        "characters that cannot be seen for what they are stand in no field",
        arguments: [
            0x85, 0xA0, 0xAD, 0x034F, 0x061C, 0x115F, 0x180E, 0x2003, 0x200B, 0x200D, 0x200E,
            0x200F,
            0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x2060, 0x2066, 0x2069, 0x206F, 0x2800, 0x3000,
            0x3164, 0xE000, 0xFDD0, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFE, 0x1FFFF, 0xE0001, 0xE0041,
            0xE01EF, 0xF0000, 0x10FFFF,
        ] as [UInt32])
    func unseen(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        var text = "conclave-policy: v1\nname: a"
        text.unicodeScalars.append(scalar)
        let code = String(value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
        let expected = [
            "line 2: field \"name\" holds \(name), a character that cannot be seen for what it is"
                + " (DOC-VALUE)"
        ]
        #expect(faults(text + "b\n", utf8Fields: ["name"]) == expected)
        #expect(faults(text + "b\n") == expected)
    }

    @Test(
        "the characters beside the refused ones are allowed",
        arguments: [
            0xA1, 0xAC, 0xAE, 0x034E, 0x0350, 0x061B, 0x115E, 0x1161, 0x2010, 0x2027, 0x2030,
            0x205E,
            0x2070, 0x27FF, 0x2801, 0x3001, 0x3163, 0x3165, 0xD7FB, 0xF900, 0xFDCF, 0xFDF0, 0xFE10,
            0xFEFE, 0xFF01, 0xFFFC, 0xFFFD, 0x10000, 0x1FFFD,
        ] as [UInt32])
    func seen(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        var text = "conclave-policy: v1\nname: a"
        text.unicodeScalars.append(scalar)
        #expect(faults(text + "b\n", utf8Fields: ["name"]) == [])
    }

    @Test("what Unicode calls ignorable, a control, a separator or private is never shown as it is")
    func agreesWithUnicode() {
        let categories: Set<Unicode.GeneralCategory> = [
            .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse,
        ]
        for value in UInt32(0x7F)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let properties = scalar.properties
            guard
                properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
                    || categories.contains(properties.generalCategory)
            else { continue }
            let escaped = "\"\\u{\(String(value, radix: 16, uppercase: true))}\""
            #expect(quoted(String(scalar)) == escaped)
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x9C],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let text = Array("conclave-policy: v1\nname: a".utf8) + bytes + [0x0A]
        #expect(
            faults(text, utf8Fields: ["name"]) == [
                #"line 2: field "name" is not valid UTF-8 (DOC-VALUE)"#
            ])
    }
}

@Suite struct DocumentLimitsTests {
    private let limits = DocumentLimits(
        maximumBytes: 40, maximumLines: 4, maximumValueBytes: 8)

    @Test("a text has at most its limit of bytes, and is not looked into beyond it")
    func bytes() {
        let head = Array("conclave-policy: v1\nx: 12345678\ny: ".utf8)
        #expect(head.count == 35)
        let value = Array(repeating: UInt8(ascii: "z"), count: 4)
        #expect(faults(head + value + [0x0A], limits: limits) == [])
        #expect(
            faults(head + value + [0x7A, 0xFF], limits: limits) == [
                "41 bytes exceed the limit of 40 (DOC-SIZE)"
            ])
    }

    @Test("a text has at most its limit of lines")
    func lines() {
        let text = Array("conclave-policy: v1\na: 1\n\nb: 2\n".utf8)
        #expect(faults(text, limits: limits) == [])
        #expect(
            faults(text + Array("c: 3\n".utf8), limits: limits) == [
                "5 lines exceed the limit of 4 (DOC-LINES)"
            ])
    }

    @Test("a value has at most its limit of bytes")
    func values() {
        #expect(faults(Array("conclave-policy: v1\nx: 12345678\n".utf8), limits: limits) == [])
        #expect(
            faults(Array("conclave-policy: v1\nx: 123456789\n".utf8), limits: limits) == [
                #"line 2: field "x" has 9 bytes, more than the limit of 8 (DOC-VALUE)"#
            ])
    }

    @Test("a request is held to 64 KiB, 200 lines and values of 16 KiB")
    func request() {
        let heading = Array("conclave-policy: v1\n".utf8)
        let value = Array(repeating: UInt8(ascii: "v"), count: 16_384)
        let long = heading + Array("x: ".utf8) + value
        #expect(faults(long + [0x0A], limits: .request) == [])
        #expect(faults(long + [0x76, 0x0A], limits: .request).count == 1)
        let lines = heading + Array(String(repeating: "a: b\n", count: 199).utf8)
        #expect(faults(lines, limits: .request) == [])
        #expect(
            faults(lines + [0x0A], limits: .request) == [
                "201 lines exceed the limit of 200 (DOC-LINES)"
            ])
        #expect(
            faults(Array(repeating: 0, count: 65_537), limits: .request) == [
                "65537 bytes exceed the limit of 65536 (DOC-SIZE)"
            ])
    }
}

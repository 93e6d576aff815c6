// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("wire types")
struct WireTests {
    @Test("numbers are written with their highest byte first, and read back")
    func numbers() throws {
        var writer = WireWriter()
        writer.byte(0x7F)
        writer.uint32(0x0102_0304)
        writer.uint64(0x0506_0708_090A_0B0C)
        #expect(writer.bytes == [0x7F] + Array(1...12))
        var reader = WireReader(writer.bytes)
        #expect(try reader.byte("a") == 0x7F)
        #expect(try reader.uint32("b") == 0x0102_0304)
        #expect(try reader.uint64("c") == 0x0506_0708_090A_0B0C)
        #expect(reader.remaining == 0)
        try reader.finish("all")
    }

    @Test("the greatest numbers come back")
    func greatest() throws {
        var writer = WireWriter()
        writer.uint32(.max)
        writer.uint64(.max)
        var reader = WireReader(writer.bytes)
        #expect(try reader.uint32("a") == .max)
        #expect(try reader.uint64("b") == .max)
    }

    @Test("what is not there is not read, and the reader stays where it was")
    func truncated() {
        var reader = WireReader([1, 2, 3])
        #expect(fault { try reader.uint32("n") } == "n at byte 0: needs 4 bytes, 3 are left")
        #expect(fault { try reader.uint64("n") } == "n at byte 0: needs 8 bytes, 3 are left")
        #expect(fault { try reader.take(-1, "n") } == "n at byte 0: needs -1 bytes, 3 are left")
        #expect(fault { try reader.take(.max, "n").count }.hasSuffix(" 3 are left"))
        #expect(fault { try reader.take(3, "n").count } == "taken: 3")
        #expect(fault { try reader.byte("n") } == "n at byte 3: needs 1 bytes, 0 are left")
        var text = WireReader([0, 0, 0, 2, 65])
        #expect(fault { try text.string("s") } == "s at byte 4: needs 2 bytes, 1 are left")
    }

    @Test("a boolean is 0 or 1")
    func boolean() {
        var reader = WireReader([0, 1, 2])
        #expect(fault { try reader.boolean("b") } == "taken: false")
        #expect(fault { try reader.boolean("b") } == "taken: true")
        #expect(fault { try reader.boolean("b") } == "b at byte 2: boolean is 2, not 0 or 1")
    }

    @Test("a string may be as long as its limit and no longer")
    func stringLimit() {
        let bytes: [UInt8] = [0, 0, 0, 3, 97, 98, 99]
        var reader = WireReader(bytes)
        #expect(fault { Array(try reader.string("s", limit: 3)) } == "taken: [97, 98, 99]")
        reader = WireReader(bytes)
        #expect(
            fault { try reader.string("s", limit: 2) }
                == "s at byte 0: 3 bytes exceed the limit of 2")
        reader = WireReader([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(
            fault { try reader.string("s") }
                == "s at byte 0: 4294967295 bytes exceed the limit of 262144")
        reader = WireReader([0, 4, 0, 0])
        #expect(
            fault { try reader.string("s") } == "s at byte 4: needs 262144 bytes, 0 are left")
    }

    @Test("a text is UTF-8 without NUL")
    func text() {
        var reader = WireReader(packed("Zoë", "a\u{0}") + [0, 0, 0, 2, 0xC3, 0x28])
        #expect(fault { try reader.text("t") } == "taken: Zoë")
        #expect(fault { try reader.text("t") } == "t at byte 12: text has a NUL byte")
        #expect(fault { try reader.text("t") } == "t at byte 18: text is not UTF-8")
    }

    @Test(
        "a positive integer is read in its shortest form only",
        arguments: [
            ([0, 0, 0, 1, 1], "taken: [1]"),
            ([0, 0, 0, 1, 0x7F], "taken: [127]"),
            ([0, 0, 0, 2, 0, 0x80], "taken: [128]"),
            ([0, 0, 0, 0], "n at byte 4: integer is zero"),
            ([0, 0, 0, 1, 0], "n at byte 4: integer has needless leading zeros"),
            ([0, 0, 0, 1, 0x80], "n at byte 4: integer is negative"),
            ([0, 0, 0, 2, 0, 0x7F], "n at byte 4: integer has needless leading zeros"),
            ([0, 0, 0, 3, 0, 0, 0x80], "n at byte 4: integer has needless leading zeros"),
        ] as [([UInt8], String)])
    func positiveInteger(bytes: [UInt8], expected: String) {
        var reader = WireReader(bytes)
        #expect(fault { Array(try reader.positiveInteger("n")) } == expected)
    }

    @Test(
        "a positive integer is written in its shortest form",
        arguments: [
            ([], [0, 0, 0, 0]), ([0, 0], [0, 0, 0, 0]), ([1], [0, 0, 0, 1, 1]),
            ([0x80], [0, 0, 0, 2, 0, 0x80]), ([0, 0, 0x7F], [0, 0, 0, 1, 0x7F]),
            ([0, 0x80, 0], [0, 0, 0, 3, 0, 0x80, 0]),
        ] as [([UInt8], [UInt8])])
    func positiveIntegerWritten(magnitude: [UInt8], expected: [UInt8]) {
        var writer = WireWriter()
        writer.positiveInteger(magnitude)
        #expect(writer.bytes == expected)
    }

    @Test("offsets in a nested string count from the start of the whole")
    func nested() throws {
        var outer = WireReader([9] + [0, 0, 0, 6] + [0, 0, 0, 1, 65] + [66] + [7])
        _ = try outer.byte("head")
        var inner = try outer.nested("list")
        #expect(inner.offset == 5)
        #expect(try inner.text("item") == "A")
        #expect(fault { try inner.finish("list") } == "list at byte 10: 1 bytes are left over")
        #expect(try outer.byte("tail") == 7)
        try outer.finish("all")
    }

    @Test("the bytes read so far can be asked for from any place")
    func consumed() throws {
        var reader = WireReader(Array([1, 2, 3, 4, 5, 6][1...5]))
        _ = try reader.take(3, "a")
        #expect(Array(reader.consumed(from: 0)) == [2, 3, 4])
        #expect(Array(reader.consumed(from: 2)) == [4])
        #expect(Array(reader.consumed(from: 3)).isEmpty)
        #expect(Array(reader.consumed(from: 9)).isEmpty)
        #expect(Array(reader.consumed(from: -9)) == [2, 3, 4])
        var slice = WireReader([1, 2, 3, 4][2...])
        _ = try slice.byte("a")
        #expect(Array(slice.consumed(from: 0)) == [3])
    }

    @Test("an error never carries what a terminal would obey")
    func escaped() {
        let error = FormatError("name", at: 3, .unknown("a\u{1B}[2J\"\\ë\n"))
        #expect(
            error.description
                == #"name at byte 3: "a\x1b[2J\x22\x5c\xc3\xab\x0a" is not known"#)
        let long = FormatError("name", at: 0, .unknown(String(repeating: "y", count: 81)))
        #expect(
            long.description
                == "name at byte 0: \"\(String(repeating: "y", count: 80))…\" is not known")
    }
}

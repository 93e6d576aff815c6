// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Token

@Suite("PINs")
struct PINTests {
    static func text(_ pin: PIN) -> String {
        pin.withBytes { span in span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    }

    @Test("no text shows a PIN")
    func hidden() throws {
        let pin = try PIN("739113".utf8)
        var dumped = ""
        dump(pin, to: &dumped)
        dump([pin as Any], to: &dumped)
        struct Holder { let pin: PIN? }
        dump(Holder(pin: pin), to: &dumped)
        let texts = [
            "\(pin)", String(describing: pin), String(reflecting: pin), "\(pin as Any)", dumped,
            "\(Holder(pin: pin))", String(reflecting: Holder(pin: pin)),
        ]
        for text in texts {
            #expect(!text.contains("739113"))
            #expect(text.contains("PIN(hidden)"))
        }
        #expect(Mirror(reflecting: pin).children.isEmpty)
        #expect(Self.text(pin) == "739113")
    }

    @Test(
        "a PIN is 1 to 255 bytes without control characters",
        arguments: [
            ("", "PIN is empty"),
            (String(repeating: "1", count: 256), "PIN is longer than 255 bytes"),
            ("12\t3", "PIN has a control character"),
            ("12\u{7F}", "PIN has a control character"),
            ("123\r", "PIN has a carriage return"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: TokenError.self) { _ = try PIN(text.utf8) }
        #expect(error?.code == .pinUnavailable)
        #expect(error?.description == reason)
    }

    @Test(
        "anything else is a PIN",
        arguments: ["0", String(repeating: "1", count: 255), "a b", " x ", "pässwörd"])
    func accepted(text: String) throws {
        #expect(Self.text(try PIN(text.utf8)) == text)
    }

    @Test("the memory is locked and left out of core dumps")
    func memory() throws {
        let pin = try PIN("739113".utf8)
        let address = pin.withBytes { span in
            span.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        }
        let flags = try #require(Self.mappingFlags(address))
        #expect(flags.contains("lo"), "locked")
        #expect(flags.contains("dd"), "left out of dumps")
        #expect(flags.contains("wf"), "wiped in a child")
    }

    /// The flags of the mapping that holds an address, from /proc/self/smaps.
    static func mappingFlags(_ address: UInt) -> [Substring]? {
        guard let file = fopen("/proc/self/smaps", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        var isInside = false
        while fgets(&line, Int32(line.count), file) != nil {
            let words = line.withUnsafeBufferPointer { buffer in
                String(
                    decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
                )
            }.split(whereSeparator: \.isWhitespace)
            guard let first = words.first else { continue }
            if first == "VmFlags:" {
                if isInside { return Array(words.dropFirst()) }
            } else if let dash = first.firstIndex(of: "-"), !first.hasSuffix(":"),
                let start = UInt(first[..<dash], radix: 16),
                let end = UInt(first[first.index(after: dash)...], radix: 16)
            {
                isInside = (start..<end).contains(address)
            }
        }
        return nil
    }
}

@Suite("PINs from a descriptor")
struct PINDescriptorTests {
    /// A pipe that holds `text` and then ends.
    static func pipe(_ text: String) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        let bytes = Array(text.utf8)
        try #require(write(ends[1], bytes, bytes.count) == bytes.count)
        close(ends[1])
        return ends[0]
    }

    @Test("one line is read and not a byte more")
    func oneLine() throws {
        let descriptor = try Self.pipe("123456\n654321\n\nrest")
        defer { close(descriptor) }
        #expect(PINTests.text(try PIN.read(fromDescriptor: descriptor)) == "123456")
        #expect(PINTests.text(try PIN.read(fromDescriptor: descriptor)) == "654321")
        #expect(throws: TokenError(.pinUnavailable, "PIN is empty")) {
            _ = try PIN.read(fromDescriptor: descriptor)
        }
        #expect(PINTests.text(try PIN.read(fromDescriptor: descriptor)) == "rest")
        #expect(throws: TokenError(.pinUnavailable, "PIN is empty")) {
            _ = try PIN.read(fromDescriptor: descriptor)
        }
    }

    @Test("a line that ends in CR LF is refused with a hint")
    func carriageReturn() throws {
        let descriptor = try Self.pipe("123456\r\n")
        defer { close(descriptor) }
        let error = #expect(throws: TokenError.self) {
            _ = try PIN.read(fromDescriptor: descriptor)
        }
        #expect(error?.description == "PIN has a carriage return")
        #expect(error?.hint == "end the line with LF alone")
    }

    @Test("a descriptor that is not open is named")
    func closed() {
        let error = #expect(throws: TokenError.self) {
            _ = try PIN.read(fromDescriptor: 9999)
        }
        #expect(
            error?.description == "PIN cannot be read from descriptor 9999: Bad file descriptor")
    }
}

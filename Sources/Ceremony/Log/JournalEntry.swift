// SPDX-License-Identifier: Apache-2.0
import Documents

/// An entry of the journal as `journalctl -o json` writes it: one flat JSON object a line.
///
/// Only what a login needs is kept. A value is a string, null, or an array of the bytes of what is
/// not UTF-8; other values are passed over.
struct JournalEntry {
    private(set) var message: [UInt8] = []
    private(set) var time: UnixTime?
    private(set) var host: [UInt8]?
    private(set) var program: [UInt8]?

    /// Reads a line; nil where it is not a whole JSON object of this form, or has no message.
    init?(_ line: ArraySlice<UInt8>) {
        var reader = JSONScanner(line)
        guard reader.skip(UInt8(ascii: "{")) else { return nil }
        var message: [UInt8]?
        var fields: [[UInt8]: [UInt8]] = [:]
        let wanted = ["_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "__REALTIME_TIMESTAMP"]
            .map { Array($0.utf8) }
        if !reader.skip(UInt8(ascii: "}")) {
            repeat {
                guard let name = reader.string(), reader.skip(UInt8(ascii: ":")),
                    let value = reader.value()
                else { return nil }
                if name.elementsEqual("MESSAGE".utf8) {
                    // A name that stands twice would let readers see different messages.
                    guard message == nil else { return nil }
                    message = value
                } else if wanted.contains(name) {
                    guard fields.updateValue(value, forKey: name) == nil else { return nil }
                }
            } while reader.skip(UInt8(ascii: ","))
            guard reader.skip(UInt8(ascii: "}")) else { return nil }
        }
        guard let message, reader.isAtEnd else { return nil }
        self.message = message
        host = fields[Array("_HOSTNAME".utf8)]
        program = fields[Array("SYSLOG_IDENTIFIER".utf8)] ?? fields[Array("_COMM".utf8)]
        time = fields[Array("__REALTIME_TIMESTAMP".utf8)].flatMap { decimal($0[...]) }
            .map { UnixTime(seconds: $0 / 1_000_000) }
    }
}

/// JSON from left to right, RFC 8259, as far as an entry of the journal needs it.
private struct JSONScanner {
    private var scanner: ByteScanner

    init(_ bytes: ArraySlice<UInt8>) {
        scanner = ByteScanner(bytes)
    }

    var isAtEnd: Bool {
        scanner.rest.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        passBlanks()
        return scanner.skip(byte)
    }

    private mutating func passBlanks() {
        while scanner.skip(UInt8(ascii: " ")) || scanner.skip(UInt8(ascii: "\t")) {}
    }

    /// A string's or a byte array's bytes; none for what else a value may be on one level.
    mutating func value() -> [UInt8]? {
        passBlanks()
        switch scanner.next {
        case .some(UInt8(ascii: "\"")): return string()
        case .some(UInt8(ascii: "[")): return array()
        default:
            let word = scanner.rest.prefix {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x2E || $0 == 0x2B || $0 == 0x45
            }
            guard !word.isEmpty else { return nil }
            scanner = ByteScanner(scanner.rest.dropFirst(word.count))
            return []
        }
    }

    /// `[72,105]` as bytes.
    ///
    /// Of several values of one field, the first: a login's message has but one.
    private mutating func array() -> [UInt8]? {
        guard skip(UInt8(ascii: "[")) else { return nil }
        var bytes: [UInt8] = []
        if skip(UInt8(ascii: "]")) { return bytes }
        var first: [UInt8]?
        repeat {
            passBlanks()
            if scanner.next == UInt8(ascii: "\"") {
                guard let text = string() else { return nil }
                first = first ?? text
            } else {
                guard let number = scanner.number(1...3), let byte = UInt8(exactly: number) else {
                    return nil
                }
                bytes.append(byte)
            }
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { return nil }
        return first ?? bytes
    }

    mutating func string() -> [UInt8]? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        var bytes: [UInt8] = []
        while true {
            let plain = scanner.rest.prefix {
                $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20
            }
            bytes += plain
            scanner = ByteScanner(scanner.rest.dropFirst(plain.count))
            if scanner.skip(UInt8(ascii: "\"")) { return bytes }
            guard scanner.skip(UInt8(ascii: "\\")), let scalar = escaped() else { return nil }
            bytes += Array(String(scalar).utf8)
        }
    }

    /// What follows a backslash.
    private mutating func escaped() -> Unicode.Scalar? {
        guard let letter = scanner.next else { return nil }
        scanner = ByteScanner(scanner.rest.dropFirst())
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = hexUnit() else { return nil }
            guard UTF16.isLeadSurrogate(unit) else {
                return UTF16.isTrailSurrogate(unit) ? nil : Unicode.Scalar(unit)
            }
            guard scanner.skip("\\u"), let trail = hexUnit(), UTF16.isTrailSurrogate(trail) else {
                return nil
            }
            return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
        default: return nil
        }
    }

    private mutating func hexUnit() -> UInt16? {
        let digits = scanner.rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Self.isHexDigit($0) }) else { return nil }
        scanner = ByteScanner(scanner.rest.dropFirst(4))
        return UInt16(digits.text, radix: 16)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
            || (0x61...0x66).contains(byte)
    }
}

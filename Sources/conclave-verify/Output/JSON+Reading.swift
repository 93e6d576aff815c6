// SPDX-License-Identifier: Apache-2.0
import Documents

extension JSON {
    /// Why a text is no JSON that is read here, and where.
    struct ReadingFault: Error, Equatable {
        /// The byte at which reading ended, from 0.
        let offset: Int
        /// What was wrong there.
        let message: String
    }

    /// How deep values may stand in one another.
    static let maximumDepth = 16

    /// Reads one JSON text, RFC 8259, of UTF-8.
    ///
    /// Numbers are whole and not negative, and no name stands twice in one object.
    ///
    /// - Throws: `ReadingFault` where the text is anything else.
    init(parsing bytes: [UInt8]) throws(ReadingFault) {
        var reader = JSONReader(bytes)
        self = try reader.value(depth: 0)
        try reader.finish()
    }

    /// The member of this name; nil where there is none, or this is no object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The places at which this differs from what is wanted; members that nobody asks for are no
    /// difference.
    func differences(from wanted: JSON, at place: String = "") -> [String] {
        switch (self, wanted) {
        case (.object, .object(let members)):
            return members.flatMap { member in
                let inner = place.isEmpty ? member.name : "\(place).\(member.name)"
                return self[member.name].map { $0.differences(from: member.value, at: inner) }
                    ?? [inner]
            }
        case (.array(let values), .array(let others)):
            guard values.count == others.count else { return [place] }
            return zip(values, others).enumerated().flatMap { index, pair in
                pair.0.differences(from: pair.1, at: "\(place)[\(index)]")
            }
        case (.string(let text), .string(let other)):
            // Not by what Unicode takes for the same: by the very bytes.
            return text.utf8.elementsEqual(other.utf8) ? [] : [place]
        default: return self == wanted ? [] : [place]
        }
    }
}

/// A JSON text that is being read.
private struct JSONReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func fault(_ message: String) -> JSON.ReadingFault {
        JSON.ReadingFault(offset: place, message: message)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D {
            place += 1
        }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        guard bytes[place...].starts(with: wanted) else { return false }
        place += wanted.count
        return true
    }

    mutating func finish() throws(JSON.ReadingFault) {
        skipSpace()
        guard next == nil else { throw fault("something stands behind the value") }
    }

    mutating func value(depth: Int) throws(JSON.ReadingFault) -> JSON {
        guard depth < JSON.maximumDepth else {
            throw fault("values stand more than \(JSON.maximumDepth) deep in one another")
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case .some(0x30...0x39): return .number(try number())
        default:
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            if take("null") { return .null }
            throw fault("no value begins here")
        }
    }

    private mutating func object(depth: Int) throws(JSON.ReadingFault) -> JSON {
        var members: [JSON.Member] = []
        var names: Set<[UInt8]> = []
        try list(until: "}") { reader throws(JSON.ReadingFault) in
            reader.skipSpace()
            let name = try reader.string()
            guard names.insert(Array(name.utf8)).inserted else {
                throw reader.fault("the name \(quoted(name)) stands there twice")
            }
            reader.skipSpace()
            guard reader.take(":") else { throw reader.fault("a colon is missing") }
            members.append(JSON.Member(name, try reader.value(depth: depth)))
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSON.ReadingFault) -> JSON {
        var values: [JSON] = []
        try list(until: "]") { reader throws(JSON.ReadingFault) in
            values.append(try reader.value(depth: depth))
        }
        return .array(values)
    }

    /// Reads parts between commas up to a closing bracket; the opening one is next.
    private mutating func list(
        until closing: StaticString, _ part: (inout Self) throws(JSON.ReadingFault) -> Void
    ) throws(JSON.ReadingFault) {
        place += 1
        skipSpace()
        if take(closing) { return }
        while true {
            try part(&self)
            skipSpace()
            if take(closing) { return }
            guard take(",") else { throw fault("a comma or a closing bracket is missing") }
        }
    }

    private mutating func number() throws(JSON.ReadingFault) -> Int {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        let isWhole = next.map { !".eE+-".utf8.contains($0) } ?? true
        guard isWhole, let number = parseDecimal(digits).flatMap({ Int(exactly: $0) }) else {
            throw fault("the number is not a whole one below 2^63, in plain digits")
        }
        return number
    }

    private mutating func string() throws(JSON.ReadingFault) -> String {
        guard take("\"") else { throw fault("a text in quotes is missing") }
        var units: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw fault("the text before is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): units += try escape()
            case 0x00..<0x20: throw fault("a control character stands in a text")
            default: units.append(byte)
            }
        }
        throw fault("a text has no end")
    }

    /// What stands for another character, behind its backslash.
    private mutating func escape() throws(JSON.ReadingFault) -> [UInt8] {
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
            0x74: 0x09,
        ]
        if let byte = next, let meant = plain[byte] {
            place += 1
            return [meant]
        }
        let high = try unit()
        guard (0xD800...0xDBFF).contains(high) else {
            guard let scalar = Unicode.Scalar(high) else { throw fault("half a character") }
            return Array(String(scalar).utf8)
        }
        guard take("\\") else { throw fault("half a character") }
        let low = try unit()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw fault("half a character") }
        return Array(String(scalar).utf8)
    }

    private mutating func unit() throws(JSON.ReadingFault) -> UInt32 {
        guard take("u"), place + 4 <= bytes.count else { throw fault("an unknown escape") }
        let digits = bytes[place..<place + 4]
        let isHex = digits.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
                || (0x61...0x66).contains(byte)
        }
        guard isHex, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw fault("an unknown escape")
        }
        place += 4
        return unit
    }
}

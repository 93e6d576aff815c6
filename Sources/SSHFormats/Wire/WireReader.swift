// SPDX-License-Identifier: Apache-2.0

/// Reads the data types of RFC 4251 section 5 from bytes, front to back, and never past them.
///
/// Every read names its field, so that an error can say which one is at fault. A caller reads all
/// fields and then calls ``finish(_:)``: leftovers are an error. The reads that all others stand on
/// are inlined, since to hand a part of the input from call to call costs more than to read it.
public struct WireReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    /// The next byte to be read, counted from the start of the outermost input.
    public private(set) var offset: Int

    /// Reads `bytes`; offsets in errors count from the first of them.
    public init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// Reads a part of a larger input; offsets in errors count from the start of the whole.
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// The number of bytes not yet read.
    public var remaining: Int { bytes.endIndex - offset }

    /// Takes the next `count` bytes.
    ///
    /// - Throws: ``FormatError`` where fewer are left.
    @inline(__always)
    public mutating func take(_ count: Int, _ field: String) throws(FormatError)
        -> ArraySlice<UInt8>
    {
        let start = try pass(count, field)
        return bytes[start..<offset]
    }

    /// Goes past the next `count` bytes, and returns where they start.
    @inline(__always)
    private mutating func pass(_ count: Int, _ field: String) throws(FormatError) -> Int {
        guard count >= 0, count <= remaining else {
            throw FormatError(
                field, at: offset, .truncated(needed: count, available: remaining))
        }
        defer { offset += count }
        return offset
    }

    /// Reads one byte.
    public mutating func byte(_ field: String) throws(FormatError) -> UInt8 {
        bytes[try pass(1, field)]
    }

    /// Reads a boolean; any byte but 0 and 1 is refused, though RFC 4251 lets readers take it.
    public mutating func boolean(_ field: String) throws(FormatError) -> Bool {
        let start = offset
        switch try byte(field) {
        case 0: return false
        case 1: return true
        case let other:
            throw FormatError(field, at: start, .invalid("boolean is \(other), not 0 or 1"))
        }
    }

    /// Reads a big-endian 32-bit number.
    @inline(__always)
    public mutating func uint32(_ field: String) throws(FormatError) -> UInt32 {
        try UInt32(truncatingIfNeeded: bigEndian(4, field))
    }

    /// Reads a big-endian 64-bit number.
    public mutating func uint64(_ field: String) throws(FormatError) -> UInt64 {
        try bigEndian(8, field)
    }

    /// Reads a big-endian number of `count` bytes.
    @inline(__always)
    private mutating func bigEndian(_ count: Int, _ field: String) throws(FormatError) -> UInt64 {
        var number: UInt64 = 0
        for index in try pass(count, field)..<offset { number = number << 8 | UInt64(bytes[index]) }
        return number
    }

    /// Reads a length-prefixed string of at most `limit` bytes.
    @inline(__always)
    public mutating func string(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> ArraySlice<UInt8> {
        let start = offset
        let length = Int(try uint32(field))
        guard length <= limit else {
            throw FormatError(field, at: start, .tooLong(length: length, limit: limit))
        }
        return try take(length, field)
    }

    /// Reads a length-prefixed string of exactly `length` bytes.
    public mutating func string(
        _ field: String, length: Int
    ) throws(FormatError) -> ArraySlice<UInt8> {
        let value = try string(field, limit: length)
        guard value.count == length else {
            throw FormatError(
                field, at: value.startIndex, .invalid("\(value.count) bytes are not \(length)"))
        }
        return value
    }

    /// Reads a length-prefixed string that must be UTF-8 without NUL.
    public mutating func text(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> String {
        String(decoding: try textBytes(field, limit: limit), as: UTF8.self)
    }

    /// Reads a text as ``text(_:limit:)`` does, and leaves it as its bytes: a name that is looked
    /// up in a table needs no more.
    mutating func textBytes(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> ArraySlice<UInt8> {
        let value = try string(field, limit: limit)
        guard !value.contains(0) else {
            throw FormatError(field, at: value.startIndex, .invalid("text has a NUL byte"))
        }
        do {
            _ = try UTF8Span(validating: value.span)
        } catch {
            throw FormatError(field, at: value.startIndex, .invalid("text is not UTF-8"))
        }
        return value
    }

    /// Reads a positive `mpint` and returns its magnitude, without the sign octet.
    ///
    /// Refused are zero, negative numbers and every encoding but the shortest (RFC 4251 section 5).
    public mutating func positiveInteger(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> ArraySlice<UInt8> {
        let value = try string(field, limit: limit)
        let start = value.startIndex
        guard let first = value.first else {
            throw FormatError(field, at: start, .invalid("integer is zero"))
        }
        guard first < 0x80 else {
            throw FormatError(field, at: start, .invalid("integer is negative"))
        }
        guard first == 0 else { return value }
        let magnitude = value.dropFirst()
        guard let second = magnitude.first, second >= 0x80 else {
            throw FormatError(field, at: start, .invalid("integer has needless leading zeros"))
        }
        return magnitude
    }

    /// Reads a length-prefixed string and returns a reader of what is in it.
    @inline(__always)
    public mutating func nested(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> WireReader {
        WireReader(try string(field, limit: limit))
    }

    /// Takes all that is left.
    mutating func rest() -> ArraySlice<UInt8> {
        defer { offset = bytes.endIndex }
        return bytes[offset...]
    }

    /// The bytes from `start` up to the next byte to be read.
    public func consumed(from start: Int) -> ArraySlice<UInt8> {
        bytes[min(max(start, bytes.startIndex), offset)..<offset]
    }

    /// Ends the reading.
    ///
    /// - Throws: ``FormatError`` where bytes are left over.
    public func finish(_ field: String) throws(FormatError) {
        guard remaining == 0 else {
            throw FormatError(field, at: offset, .trailing(count: remaining))
        }
    }
}

/// The longest string that is read where a field sets no limit of its own, in bytes: what
/// OpenSSH takes as a packet (256 KiB).
public let maximumStringLength = 262_144

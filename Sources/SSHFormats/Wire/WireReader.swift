// SPDX-License-Identifier: Apache-2.0

/// Reads the data types of RFC 4251 section 5 from bytes, front to back, and never past them.
///
/// Every read names its field, so that an error can say which one is at fault. A caller reads all
/// fields and then calls ``finish(_:)``: leftovers are an error.
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
    public mutating func take(_ count: Int, _ field: String) throws(FormatError)
        -> ArraySlice<UInt8>
    {
        guard count >= 0, count <= remaining else {
            throw FormatError(
                field, at: offset, .truncated(needed: count, available: remaining))
        }
        let start = offset
        offset += count
        return bytes[start..<offset]
    }

    /// Reads one byte.
    public mutating func byte(_ field: String) throws(FormatError) -> UInt8 {
        guard let value = try take(1, field).first else {
            throw FormatError(field, at: offset, .truncated(needed: 1, available: 0))
        }
        return value
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
    public mutating func uint32(_ field: String) throws(FormatError) -> UInt32 {
        try take(4, field).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads a big-endian 64-bit number.
    public mutating func uint64(_ field: String) throws(FormatError) -> UInt64 {
        try take(8, field).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads a length-prefixed string of at most `limit` bytes.
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
        let value = try string(field, limit: limit)
        guard !value.contains(0) else {
            throw FormatError(field, at: value.startIndex, .invalid("text has a NUL byte"))
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw FormatError(field, at: value.startIndex, .invalid("text is not UTF-8"))
        }
        return text
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
    public mutating func nested(
        _ field: String, limit: Int = maximumStringLength
    ) throws(FormatError) -> WireReader {
        WireReader(try string(field, limit: limit))
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

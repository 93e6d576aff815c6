// SPDX-License-Identifier: Apache-2.0

/// Writes the data types of RFC 4251 section 5, each in its one shortest form.
public struct WireWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// Starts with nothing written.
    public init() {}

    /// Forgets what has been written, which has been handed on.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes bytes as they are, without a length.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
    }

    /// Writes one byte.
    public mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    /// Writes a big-endian 32-bit number.
    public mutating func uint32(_ value: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
        }
    }

    /// Writes a big-endian 64-bit number.
    public mutating func uint64(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    /// Writes a string: its length as 32 bits, then its bytes.
    public mutating func string(_ value: some Collection<UInt8>) {
        uint32(UInt32(truncatingIfNeeded: value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes a text as a string of its UTF-8 bytes.
    public mutating func string(_ value: String) {
        string(Array(value.utf8))
    }

    /// Writes a positive number, given as big-endian magnitude, as a minimal `mpint`.
    public mutating func positiveInteger(_ magnitude: some Collection<UInt8>) {
        let digits = magnitude.drop { $0 == 0 }
        guard let first = digits.first else { return uint32(0) }
        let sign = first >= 0x80 ? 1 : 0
        uint32(UInt32(truncatingIfNeeded: digits.count + sign))
        if sign == 1 { bytes.append(0) }
        bytes.append(contentsOf: digits)
    }
}

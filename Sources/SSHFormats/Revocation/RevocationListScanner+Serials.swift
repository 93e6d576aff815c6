// SPDX-License-Identifier: Apache-2.0

extension RevocationListScanner {
    /// Reads a list of serials; those that follow each other are told as a range.
    mutating func readList(from reader: inout WireReader) throws(FormatError) {
        var held: ClosedRange<UInt64>?
        while reader.remaining > 0 {
            let place = reader.offset
            let serial = try Self.serial("serial", from: &reader)
            guard let range = held else {
                held = serial...serial
                continue
            }
            if serial <= range.upperBound { remarks.add(.unsorted, at: place) }
            if serial == range.upperBound &+ 1 {
                held = range.lowerBound...serial
            } else {
                try visitor.read(serials: range)
                held = serial...serial
            }
        }
        if let held { try visitor.read(serials: held) }
    }

    /// Reads a range.
    static func range(from reader: inout WireReader) throws(FormatError) -> ClosedRange<UInt64> {
        let low = try serial("serial_min", from: &reader)
        let start = reader.offset
        let high = try serial("serial_max", from: &reader)
        guard low <= high else {
            throw FormatError(
                "serial_max", at: start, .invalid("\(high) is below serial_min, \(low)"))
        }
        return low...high
    }

    /// Reads a bitmap.
    mutating func readBitmap(from reader: inout WireReader) throws(FormatError) {
        let start = reader.offset
        let offset = try reader.uint64("serial_offset")
        let field = "revoked_keys_bitmap"
        let integer = try reader.string(field, limit: Self.maximumBitmapLength + 1)
        guard integer.first ?? 0 < 0x80 else {
            throw FormatError(field, at: integer.startIndex, .invalid("integer is negative"))
        }
        guard integer.count <= Self.maximumBitmapLength || integer.first == 0 else {
            throw FormatError(
                field, at: integer.startIndex,
                .tooLong(length: integer.count, limit: Self.maximumBitmapLength))
        }
        let digits = integer.drop { $0 == 0 }
        guard
            digits.bitLength == 0
                || !offset.addingReportingOverflow(UInt64(digits.bitLength - 1)).overflow
        else {
            throw FormatError("serial_offset", at: start, .invalid("the bitmap leaves 64 bits"))
        }
        guard offset != 0 || (digits.last ?? 0) & 1 == 0 else {
            throw FormatError(field, at: integer.startIndex, .invalid("serial 0 stands for none"))
        }
        if digits.isEmpty { remarks.add(.emptyBitmap, at: start) }
        var rest = digits
        var serial = offset
        while !rest.isEmpty {
            let mask = rest.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
            rest = rest.dropLast(8)
            if mask != 0 { try visitor.read(serials: mask, from: serial) }
            serial &+= 64
        }
    }

    private static func serial(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> UInt64 {
        let start = reader.offset
        let serial = try reader.uint64(field)
        guard serial != 0 else {
            throw FormatError(field, at: start, .invalid("serial 0 stands for none"))
        }
        return serial
    }

    /// The longest bitmap that OpenSSH reads, without its sign octet, in bytes.
    private static var maximumBitmapLength: Int { 2048 }
}

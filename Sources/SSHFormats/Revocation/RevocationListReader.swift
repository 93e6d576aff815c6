// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// Reads a KRL file.
    ///
    /// What OpenSSH refuses is refused, and so are: sections that only some of its releases read
    /// (signatures, extensions), keys of unknown kinds, NUL bytes and what isn't UTF-8 in texts.
    /// Content may be unsorted, repeated and spread over many sections. A file that is cut off where
    /// a section ends reads as a shorter list, here as by OpenSSH: only its digest tells.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one KRL.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        var reader = RevocationListReader()
        self = try reader.read(bytes)
    }
}

/// Reads KRL files; made without regard to the writer, so that each checks the other.
struct RevocationListReader {
    private var parts: [Part] = []
    private var partOfKey: [PublicKey?: Int] = [:]
    private var keys: [PublicKey] = []
    private var hashes: [[UInt8]] = []
    private var sha1Hashes: [[UInt8]] = []

    /// What sections have said about one authority key, or about any.
    private struct Part {
        let key: PublicKey?
        var serials = SerialSet.Builder()
        var keyIDs: [String] = []
    }

    /// Reads a whole file.
    mutating func read(_ bytes: [UInt8]) throws(FormatError) -> RevocationList {
        guard bytes.count <= RevocationList.maximumLength else {
            throw FormatError(
                "KRL", at: 0,
                .tooLong(length: bytes.count, limit: RevocationList.maximumLength))
        }
        var reader = WireReader(bytes)
        guard try reader.take(8, "magic").elementsEqual("SSHKRL\n\0".utf8) else {
            throw FormatError("magic", at: 0, .invalid("the file is not a KRL"))
        }
        let format = try reader.uint32("format_version")
        guard format == 1 else {
            throw FormatError("format_version", at: 8, .invalid("\(format) is not 1"))
        }
        let version = try reader.uint64("krl_version")
        let generated = try reader.uint64("generated_date")
        _ = try reader.uint64("flags")
        _ = try reader.string("reserved", limit: .max)
        let comment = try reader.text("comment", limit: .max)
        while reader.remaining > 0 { try readSection(from: &reader) }
        return RevocationList(
            version: version, generated: generated, comment: comment,
            authorities: parts.map {
                RevocationList.Authority(
                    key: $0.key, serials: $0.serials.finish(), keyIDs: $0.keyIDs)
            },
            keys: keys, keyHashes: hashes, sha1KeyHashes: sha1Hashes)
    }

    private mutating func readSection(from reader: inout WireReader) throws(FormatError) {
        let start = reader.offset
        let type = try reader.byte("section_type")
        var data = try reader.nested("section_data", limit: .max)
        switch type {
        case 1: try readCertificates(from: &data)
        case 2:
            while data.remaining > 0 { keys.append(try Self.key("public_key", from: &data)) }
        case 3:
            while data.remaining > 0 {
                sha1Hashes.append(try Self.hash("SHA-1 hash", length: 20, from: &data))
            }
        case 5:
            while data.remaining > 0 {
                hashes.append(try Self.hash("SHA-256 hash", length: 32, from: &data))
            }
        case 4:
            throw FormatError("section_type", at: start, .invalid("signatures are not read"))
        case 255:
            throw FormatError("section_type", at: start, .invalid("extensions are not read"))
        default:
            throw FormatError("section_type", at: start, .unknown("\(type)"))
        }
        try data.finish("section_data")
    }

    private mutating func readCertificates(from reader: inout WireReader) throws(FormatError) {
        let key = try Self.authorityKey(from: &reader)
        _ = try reader.string("reserved", limit: .max)
        let part = partOfKey[key] ?? parts.count
        if part == parts.count {
            partOfKey[key] = part
            parts.append(Part(key: key))
        }
        while reader.remaining > 0 {
            let start = reader.offset
            let type = try reader.byte("cert_section_type")
            var data = try reader.nested("cert_section_data", limit: .max)
            switch type {
            case 0x20:
                while data.remaining > 0 {
                    let serial = try Self.serial("serial", from: &data)
                    parts[part].serials.insert(serial...serial)
                }
            case 0x21: parts[part].serials.insert(try Self.range(from: &data))
            case 0x22: try Self.readBitmap(from: &data, into: &parts[part].serials)
            case 0x23:
                while data.remaining > 0 {
                    parts[part].keyIDs.append(try data.text("key_id", limit: .max))
                }
            case 0x39:
                throw FormatError(
                    "cert_section_type", at: start, .invalid("extensions are not read"))
            default:
                throw FormatError("cert_section_type", at: start, .unknown("\(type)"))
            }
            try data.finish("cert_section_data")
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

    private static func range(
        from reader: inout WireReader
    ) throws(FormatError) -> ClosedRange<UInt64> {
        let low = try serial("serial_min", from: &reader)
        let start = reader.offset
        let high = try serial("serial_max", from: &reader)
        guard low <= high else {
            throw FormatError(
                "serial_max", at: start, .invalid("\(high) is below serial_min, \(low)"))
        }
        return low...high
    }

    private static func readBitmap(
        from reader: inout WireReader, into serials: inout SerialSet.Builder
    ) throws(FormatError) {
        let start = reader.offset
        let offset = try reader.uint64("serial_offset")
        let field = "revoked_keys_bitmap"
        let integer = try reader.string(field, limit: maximumBitmapLength + 1)
        guard integer.first ?? 0 < 0x80 else {
            throw FormatError(field, at: integer.startIndex, .invalid("integer is negative"))
        }
        guard integer.count <= maximumBitmapLength || integer.first == 0 else {
            throw FormatError(
                field, at: integer.startIndex,
                .tooLong(length: integer.count, limit: maximumBitmapLength))
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
        for (index, byte) in digits.reversed().enumerated() {
            serials.insert(UInt64(byte), from: offset &+ UInt64(index) * 8)
        }
    }

    /// The longest bitmap that OpenSSH reads, without its sign octet, in bytes.
    private static let maximumBitmapLength = 2048

    private static func hash(
        _ field: String, length: Int, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let hash = try reader.string(field, limit: .max)
        guard hash.count == length else {
            throw FormatError(
                field, at: hash.startIndex, .invalid("\(hash.count) bytes are not \(length)"))
        }
        return Array(hash)
    }

    /// Reads an authority's key; an empty one stands for any.
    private static func authorityKey(
        from reader: inout WireReader
    ) throws(FormatError) -> PublicKey? {
        let start = reader.offset
        var rest = reader
        guard try rest.string("ca_key", limit: .max).isEmpty else {
            let key = try key("ca_key", from: &reader)
            if case .rsa(_, let modulus) = key.material, modulus.bitLength < 1024 {
                throw FormatError(
                    "ca_key", at: start,
                    .invalid("\(modulus.bitLength) bits are less than OpenSSH reads, 1024"))
            }
            return key
        }
        reader = rest
        return nil
    }

    private static func key(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> PublicKey {
        let blob = try reader.string(field, limit: .max)
        do {
            return try PublicKey(blob: Array(blob))
        } catch {
            // The key's own reader counts from the start of the key.
            throw FormatError(
                "\(field), \(error.field)", at: blob.startIndex + error.offset, error.problem)
        }
    }
}

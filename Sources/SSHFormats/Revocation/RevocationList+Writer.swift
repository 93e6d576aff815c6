// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// The longest file that OpenSSH takes into memory, in bytes (`SSHBUF_SIZE_MAX`).
    public static let maximumLength = 0x800_0000

    /// The list as the bytes of a KRL file; a list has one such form only.
    ///
    /// Nothing is written that OpenSSH since 7.9 can't read: no extensions, no signatures, no bitmap
    /// beyond its limit. Serials are divided so that they take the fewest bytes.
    ///
    /// - Throws: ``FormatError`` where the list names serial 0, a comment or a key ID with a NUL
    ///   byte, a hash of the wrong length or an RSA authority key below 1,024 bits, and where the
    ///   file would be longer than OpenSSH loads.
    public func encoded() throws(FormatError) -> [UInt8] {
        try encoded(limit: Self.maximumLength)
    }

    /// The list as the bytes of a file of at most `limit` bytes.
    func encoded(limit: Int) throws(FormatError) -> [UInt8] {
        var writer = WireWriter()
        writer.raw("SSHKRL\n\0".utf8)
        writer.uint32(1)  // KRL_FORMAT_VERSION
        writer.uint64(version)
        writer.uint64(generated)
        writer.uint64(0)  // flags
        writer.string("")  // reserved
        writer.string(try Self.checked(comment, "comment"))
        for authority in authorities {
            try writer.section(1, authority.encoded(), limit: limit)
        }
        try writer.section(2, Self.strings(keys.map(\.blob)), limit: limit)
        let sha1 = try Self.strings(Self.checked(sha1KeyHashes, "SHA-1 hash", length: 20))
        try writer.section(3, sha1, limit: limit)
        let sha256 = try Self.strings(Self.checked(keyHashes, "SHA-256 hash", length: 32))
        try writer.section(5, sha256, limit: limit)
        guard writer.bytes.count <= limit else {
            throw FormatError(
                "KRL", at: 0, .tooLong(length: writer.bytes.count, limit: limit))
        }
        return writer.bytes
    }

    fileprivate static func strings(_ strings: [[UInt8]]) -> [UInt8] {
        var writer = WireWriter()
        for string in strings { writer.string(string) }
        return writer.bytes
    }

    /// The bytes of a text that OpenSSH reads as a C string.
    fileprivate static func checked(
        _ text: String, _ field: String
    ) throws(FormatError) -> [UInt8] {
        guard !text.utf8.contains(0) else {
            throw FormatError(field, at: 0, .invalid("text has a NUL byte"))
        }
        return Array(text.utf8)
    }

    private static func checked(
        _ hashes: [[UInt8]], _ field: String, length: Int
    ) throws(FormatError) -> [[UInt8]] {
        if let hash = hashes.first(where: { $0.count != length }) {
            throw FormatError(field, at: 0, .invalid("\(hash.count) bytes are not \(length)"))
        }
        return hashes
    }
}

extension RevocationList.Authority {
    /// The data of a certificates section.
    fileprivate func encoded() throws(FormatError) -> [UInt8] {
        if case .rsa(_, let modulus) = key?.material, modulus.bitLength < 1024 {
            throw FormatError(
                "ca_key", at: 0,
                .invalid("\(modulus.bitLength) bits are less than OpenSSH reads, 1024"))
        }
        guard !serials.contains(0) else {
            throw FormatError("serial", at: 0, .invalid("serial 0 stands for none"))
        }
        var writer = WireWriter()
        writer.string(keyBlob)
        writer.string("")  // reserved
        writer.serials(Array(serials.ranges))
        if !keyIDs.isEmpty {
            var blobs: [[UInt8]] = []
            for keyID in keyIDs {
                blobs.append(try RevocationList.checked(keyID, "key_id"))
            }
            try writer.section(0x23, RevocationList.strings(blobs), limit: .max)
        }
        return writer.bytes
    }
}

extension WireWriter {
    /// Writes a section or a subsection, unless there is nothing in it.
    fileprivate mutating func section(
        _ type: UInt8, _ data: [UInt8], limit: Int
    ) throws(FormatError) {
        guard !data.isEmpty else { return }
        let length = bytes.count + 1 + 4 + data.count
        guard length <= limit else {
            throw FormatError("KRL", at: 0, .tooLong(length: length, limit: limit))
        }
        byte(type)
        string(data)
    }

    /// Writes the subsections of serials: the list, the ranges, the bitmaps.
    fileprivate mutating func serials(_ runs: [ClosedRange<UInt64>]) {
        let plan = SerialPlan(runs)
        if !plan.list.isEmpty {
            byte(0x20)
            uint32(UInt32(truncatingIfNeeded: plan.list.count * 8))
            for serial in plan.list { uint64(serial) }
        }
        for range in plan.ranges {
            byte(0x21)
            uint32(16)
            uint64(range.lowerBound)
            uint64(range.upperBound)
        }
        var rest = runs[...]
        for span in plan.bitmaps {
            let bits = Self.bitmap(of: span, &rest)
            byte(0x22)
            uint32(UInt32(truncatingIfNeeded: 8 + 4 + bits.count))
            uint64(span.lowerBound)
            string(bits)
        }
    }

    /// The bits of the serials in `span`, as the bytes of an `mpint`: the first serial is the last
    /// byte's lowest bit, and there is room for a sign bit.
    private static func bitmap(
        of span: ClosedRange<UInt64>, _ runs: inout ArraySlice<ClosedRange<UInt64>>
    ) -> [UInt8] {
        let count = Int((span.upperBound - span.lowerBound + 1) / 8) + 1
        var bytes = [UInt8](repeating: 0, count: count)
        while let run = runs.first, run.lowerBound <= span.upperBound {
            // A run that reaches beyond the bitmap is looked at again for the next one.
            if run.overlaps(span) {
                for serial in run.clamped(to: span) {
                    let bit = Int(serial - span.lowerBound)
                    bytes[count - 1 - bit / 8] |= 1 << UInt8(bit % 8)
                }
            }
            guard run.upperBound <= span.upperBound else { break }
            runs.removeFirst()
        }
        return bytes
    }
}

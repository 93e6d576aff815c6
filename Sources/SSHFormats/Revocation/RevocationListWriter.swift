// SPDX-License-Identifier: Apache-2.0

extension RevocationSet {
    /// The set as the bytes of a KRL file of at most `limit` bytes.
    ///
    /// - Throws: ``FormatError`` as ``RevocationListWriter/init(_:limit:)`` does.
    public func encoded(limit: Int = RevocationList.maximumLength) throws(FormatError) -> [UInt8] {
        let writer = try RevocationListWriter(self, limit: limit)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(writer.length)
        writer.write { (part) throws(Never) in bytes += part }
        return bytes
    }
}

/// Writes a revocation list in pieces, in the one form that its content has.
///
/// The pieces are some tens of kilobytes, so that a long list needs no memory but its own.
public struct RevocationListWriter {
    /// The number of bytes that will be written.
    public let length: Int
    private let set: RevocationSet
    /// The division of each authority's serials.
    private let plans: [SerialPlan]

    /// Plans the list.
    ///
    /// - Throws: ``FormatError`` where it names serial 0, a comment or a key ID with a NUL byte, a
    ///   hash of the wrong length or an RSA authority key below 1,024 bits, and where the file would
    ///   be longer than `limit` or than OpenSSH loads.
    public init(_ set: RevocationSet, limit: Int = RevocationList.maximumLength) throws(FormatError)
    {
        try Self.check(set.comment, "comment")
        var length = 44 + set.comment.count
        var plans: [SerialPlan] = []
        for authority in set.authorities {
            try Self.check(authority)
            let plan = SerialPlan(authority.serials)
            plans.append(plan)
            length += 5 + Self.length(authority, plan)
        }
        try Self.check(set.sha1Hashes, "SHA-1 hash", length: 20)
        try Self.check(set.sha256Hashes, "SHA-256 hash", length: 32)
        for strings in [set.keys, set.sha1Hashes, set.sha256Hashes] where !strings.isEmpty {
            length += 5 + Self.length(strings)
        }
        let limit = min(limit, RevocationList.maximumLength)
        guard length <= limit else {
            throw FormatError("KRL", at: 0, .tooLong(length: length, limit: limit))
        }
        self.set = set
        self.plans = plans
        self.length = length
    }

    /// Writes the whole list, piece by piece.
    public func write<Fault>(_ sink: ([UInt8]) throws(Fault) -> Void) throws(Fault) {
        var writer = WireWriter()
        writer.raw("SSHKRL\n\0".utf8)
        writer.uint32(1)  // KRL_FORMAT_VERSION
        writer.uint64(set.version)
        writer.uint64(set.generated)
        writer.uint64(0)  // flags
        writer.string("")  // reserved
        writer.string(set.comment)
        for (authority, plan) in zip(set.authorities, plans) {
            writer.byte(1)
            writer.uint32(UInt32(truncatingIfNeeded: Self.length(authority, plan)))
            writer.string(authority.keyBlob)
            writer.string("")  // reserved
            try Self.write(authority.serials, plan, to: &writer, sink)
            try Self.write(0x23, authority.keyIDs, to: &writer, sink)
        }
        try Self.write(2, set.keys, to: &writer, sink)
        try Self.write(3, set.sha1Hashes, to: &writer, sink)
        try Self.write(5, set.sha256Hashes, to: &writer, sink)
        try writer.flush(beyond: 0, sink)
    }

    /// The bytes that a piece has at least, but for the last one.
    private static let pieceLength = 32_768

    private static func write<Fault>(
        _ serials: SerialSet, _ plan: SerialPlan, to writer: inout WireWriter,
        _ sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        if plan.listed > 0 {
            writer.byte(0x20)
            writer.uint32(UInt32(truncatingIfNeeded: plan.listed * 8))
            for range in plan.list(of: serials) {
                for serial in range { writer.uint64(serial) }
                try writer.flush(beyond: pieceLength, sink)
            }
        }
        for range in plan.ranges {
            writer.byte(0x21)
            writer.uint32(16)
            writer.uint64(range.lowerBound)
            writer.uint64(range.upperBound)
            try writer.flush(beyond: pieceLength, sink)
        }
        var rest = serials.ranges
        var run = rest.next()
        for span in plan.bitmaps {
            let bits = bitmap(of: span, &run, &rest)
            writer.byte(0x22)
            writer.uint32(UInt32(truncatingIfNeeded: 8 + 4 + bits.count))
            writer.uint64(span.lowerBound)
            writer.string(bits)
            try writer.flush(beyond: pieceLength, sink)
        }
    }

    /// The bits of the serials in `span`, as the bytes of an `mpint`: the first serial is the last
    /// byte's lowest bit, and there is room for a sign bit.
    private static func bitmap(
        of span: ClosedRange<UInt64>, _ next: inout ClosedRange<UInt64>?,
        _ rest: inout SerialSet.Ranges
    ) -> [UInt8] {
        let count = Int((span.upperBound - span.lowerBound + 1) / 8) + 1
        var bytes = [UInt8](repeating: 0, count: count)
        while let run = next, run.lowerBound <= span.upperBound {
            // A run that reaches beyond the bitmap is looked at again for the next one.
            if run.overlaps(span) {
                for serial in run.clamped(to: span) {
                    let bit = Int(serial - span.lowerBound)
                    bytes[count - 1 - bit / 8] |= 1 << UInt8(bit % 8)
                }
            }
            guard run.upperBound <= span.upperBound else { break }
            next = rest.next()
        }
        return bytes
    }

    /// Writes a section or a subsection of strings, unless there are none.
    private static func write<Fault>(
        _ type: UInt8, _ strings: ByteStringSet, to writer: inout WireWriter,
        _ sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        guard !strings.isEmpty else { return }
        writer.byte(type)
        writer.uint32(UInt32(truncatingIfNeeded: length(strings)))
        for string in strings {
            writer.string(string)
            try writer.flush(beyond: pieceLength, sink)
        }
    }
}

extension RevocationListWriter {
    private static func length(_ strings: ByteStringSet) -> Int {
        strings.byteCount + 4 * strings.count
    }

    /// The length of the data of a certificates section.
    private static func length(_ authority: RevocationSet.Authority, _ plan: SerialPlan) -> Int {
        let keyIDs = authority.keyIDs.isEmpty ? 0 : 5 + length(authority.keyIDs)
        return 4 + authority.keyBlob.count + 4 + plan.size + keyIDs
    }

    private static func check(_ authority: RevocationSet.Authority) throws(FormatError) {
        if let key = try? PublicKey(blob: authority.keyBlob),
            case .rsa(_, let modulus) = key.material, modulus.bitLength < 1024
        {
            throw FormatError(
                "ca_key", at: 0,
                .invalid("\(modulus.bitLength) bits are less than OpenSSH reads, 1024"))
        }
        guard !authority.serials.contains(0) else {
            throw FormatError("serial", at: 0, .invalid("serial 0 stands for none"))
        }
        for keyID in authority.keyIDs { try check(keyID, "key_id") }
    }

    /// Checks bytes that OpenSSH reads as a C string.
    private static func check(_ text: some Collection<UInt8>, _ field: String) throws(FormatError) {
        guard !text.contains(0) else {
            throw FormatError(field, at: 0, .invalid("text has a NUL byte"))
        }
    }

    private static func check(
        _ hashes: ByteStringSet, _ field: String, length: Int
    ) throws(FormatError) {
        if let hash = hashes.first(where: { $0.count != length }) {
            throw FormatError(field, at: 0, .invalid("\(hash.count) bytes are not \(length)"))
        }
    }
}

extension WireWriter {
    /// Hands on what has been written, where it is more than `length` bytes.
    fileprivate mutating func flush<Fault>(
        beyond length: Int, _ sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        guard bytes.count > length else { return }
        try sink(bytes)
        removeAll()
    }
}

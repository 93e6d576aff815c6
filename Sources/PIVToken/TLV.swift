// SPDX-License-Identifier: Apache-2.0

/// A data object, ISO 7816-4 section 5.2.2: a tag, a length, a value.
struct TLV: Hashable, Sendable {
    let tag: UInt32
    let value: ArraySlice<UInt8>

    /// The bytes of an object, with its length in the shortest form.
    static func encode(_ tag: UInt32, _ value: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        for shift in [24, 16, 8] as [UInt32] where tag >> shift != 0 {
            bytes.append(UInt8(truncatingIfNeeded: tag >> shift))
        }
        bytes.append(UInt8(truncatingIfNeeded: tag))
        let count = value.count
        if count >= 0x80 {
            let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
            let significant = length.drop { $0 == 0 }
            bytes.append(0x80 | UInt8(truncatingIfNeeded: significant.count))
            bytes += significant
        } else {
            bytes.append(UInt8(truncatingIfNeeded: count))
        }
        return bytes + value
    }

    /// Reads exactly one object; nil where the bytes are anything else.
    init?(_ bytes: some Collection<UInt8>) {
        var reader = TLVReader(bytes)
        guard let object = reader.next(), reader.isAtEnd else { return nil }
        self = object
    }

    init(_ tag: UInt32, _ value: ArraySlice<UInt8>) {
        self.tag = tag
        self.value = value
    }

    /// The objects that the value consists of; nil where it consists of anything else.
    var objects: [TLV]? { TLVReader.objects(in: value) }
}

/// Reads data objects one behind the other: BER with definite lengths, nothing repaired.
///
/// Tags have up to three bytes and lengths up to three more, which is what PIV cards use.
struct TLVReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    /// Whether all bytes have been read.
    var isAtEnd: Bool { rest.isEmpty }

    /// The next object; nil at the end, and where the bytes are none.
    mutating func next() -> TLV? {
        var bytes = rest
        guard let tag = Self.tag(&bytes), let length = Self.length(&bytes), length <= bytes.count
        else { return nil }
        rest = bytes.dropFirst(length)
        return TLV(tag, bytes.prefix(length))
    }

    /// All objects; nil where there is anything else among them.
    static func objects(in bytes: ArraySlice<UInt8>) -> [TLV]? {
        var reader = TLVReader(bytes)
        var objects: [TLV] = []
        while let object = reader.next() { objects.append(object) }
        return reader.isAtEnd ? objects : nil
    }

    private static func tag(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
        guard let first = bytes.popFirst() else { return nil }
        var tag = UInt32(first)
        guard first & 0x1F == 0x1F else { return tag }
        for _ in 0..<2 {
            guard let byte = bytes.popFirst() else { return nil }
            tag = tag << 8 | UInt32(byte)
            if byte & 0x80 == 0 { return tag }
        }
        return nil
    }

    private static func length(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.popFirst() else { return nil }
        guard first >= 0x80 else { return Int(first) }
        let count = Int(first & 0x7F)
        guard (1...3).contains(count) else { return nil }
        var length = 0
        for _ in 0..<count {
            guard let byte = bytes.popFirst() else { return nil }
            length = length << 8 | Int(byte)
        }
        return length
    }
}

extension [TLV] {
    /// The value of the one object with a tag; nil where there is none, or more than one.
    func value(_ tag: UInt32) -> ArraySlice<UInt8>? {
        let found = filter { $0.tag == tag }
        return found.count == 1 ? found.first?.value : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads DER, ITU-T X.690, strictly: one element after the other, each length in its shortest form.
///
/// Tags of one byte and lengths of up to four are known; what certificates hold has no others. The
/// nesting is the caller's, so no input can make the reader recurse.
public struct DERReader: Sendable {
    /// The tags that X.509 is made of.
    public enum Tag {
        /// `BOOLEAN`.
        public static let boolean: UInt8 = 0x01
        /// `INTEGER`.
        public static let integer: UInt8 = 0x02
        /// `BIT STRING`.
        public static let bitString: UInt8 = 0x03
        /// `OCTET STRING`.
        public static let octetString: UInt8 = 0x04
        /// `NULL`.
        public static let null: UInt8 = 0x05
        /// `OBJECT IDENTIFIER`.
        public static let objectIdentifier: UInt8 = 0x06
        /// `SEQUENCE`.
        public static let sequence: UInt8 = 0x30
        /// `SET`.
        public static let set: UInt8 = 0x31
    }

    /// One element.
    public struct Element: Sendable {
        /// The identifier byte: class, form, and a tag number below 31.
        public let tag: UInt8
        /// The contents.
        public let contents: ArraySlice<UInt8>
        /// The whole element: tag, length, contents.
        public let encoding: ArraySlice<UInt8>
    }

    /// What is still to be read.
    public private(set) var rest: ArraySlice<UInt8>

    /// Begins to read `bytes`.
    public init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { rest.isEmpty }

    /// Reads the next element, of whatever tag.
    ///
    /// - Throws: ``SSHCryptoError`` where the bytes end before it does, or are not DER; `what` names
    ///   the element in the text.
    public mutating func element(_ what: String) throws(SSHCryptoError) -> Element {
        let start = rest
        guard let tag = rest.popFirst(), let first = rest.popFirst() else {
            throw Self.refusal("\(what) is missing")
        }
        guard tag & 0x1F != 0x1F else {
            throw Self.refusal("\(what) has a tag of more than one byte")
        }
        let length = first < 0x80 ? Int(first) : try longLength(first, what)
        guard length <= rest.count else {
            throw Self.refusal("\(what) has \(length) bytes, of which \(rest.count) are there")
        }
        let contents = rest.prefix(length)
        rest = rest.dropFirst(length)
        return Element(
            tag: tag, contents: contents, encoding: start.prefix(start.count - rest.count))
    }

    /// Reads the next element, which must have this tag.
    ///
    /// - Throws: ``SSHCryptoError`` where it has another, or is not there.
    public mutating func element(
        _ tag: UInt8, _ what: String
    ) throws(SSHCryptoError) -> Element {
        let element = try element(what)
        guard element.tag == tag else {
            throw Self.refusal(
                "\(what) has tag \(Self.hex(element.tag)), not \(Self.hex(tag))")
        }
        return element
    }

    /// Reads the next element if it has this tag; else leaves it.
    ///
    /// - Throws: ``SSHCryptoError`` where it has the tag and is not DER.
    public mutating func optional(
        _ tag: UInt8, _ what: String
    ) throws(SSHCryptoError) -> Element? {
        rest.first == tag ? try element(tag, what) : nil
    }

    /// Reads an `INTEGER` that is not negative, as its magnitude without leading zeros.
    ///
    /// - Throws: ``SSHCryptoError`` where it is another element, negative, or not in shortest form.
    public mutating func positiveInteger(_ what: String) throws(SSHCryptoError) -> [UInt8] {
        let digits = try element(Tag.integer, what).contents
        guard let first = digits.first else { throw Self.refusal("\(what) is empty") }
        guard first < 0x80 else { throw Self.refusal("\(what) is negative") }
        if first == 0, let second = digits.dropFirst().first, second < 0x80 {
            throw Self.refusal("\(what) is not in its shortest form")
        }
        return Array(digits.drop { $0 == 0 })
    }

    /// Reads a `BIT STRING` of whole bytes.
    ///
    /// - Throws: ``SSHCryptoError`` where it is another element, or bits of its last byte are unused.
    public mutating func wholeBits(_ what: String) throws(SSHCryptoError) -> [UInt8] {
        let contents = try element(Tag.bitString, what).contents
        guard contents.first == 0 else {
            throw Self.refusal("\(what) is not of whole bytes")
        }
        return Array(contents.dropFirst())
    }

    /// Demands that everything was read.
    ///
    /// - Throws: ``SSHCryptoError`` with how many bytes are left.
    public func finish(_ what: String) throws(SSHCryptoError) {
        guard rest.isEmpty else {
            throw Self.refusal("\(rest.count) bytes stand after \(what)")
        }
    }

    private mutating func longLength(
        _ first: UInt8, _ what: String
    ) throws(SSHCryptoError) -> Int {
        let count = Int(first & 0x7F)
        let digits = rest.prefix(count)
        guard (1...4).contains(count), digits.count == count else {
            throw Self.refusal("\(what) has a length of \(count) bytes, of 1 to 4")
        }
        rest = rest.dropFirst(count)
        let length = digits.reduce(0) { $0 << 8 | Int($1) }
        guard digits.first != 0, length >= 0x80 else {
            throw Self.refusal("the length of \(what) is not in its shortest form")
        }
        return length
    }

    /// The error of bytes that are not what they should be.
    static func refusal(_ fault: String) -> SSHCryptoError {
        SSHCryptoError(.encodingRefused(fault))
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
    }
}

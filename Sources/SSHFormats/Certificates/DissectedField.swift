// SPDX-License-Identifier: Apache-2.0

/// A stretch of bytes with one meaning, as a dissection found it.
public struct DissectedField: Hashable, Sendable {
    /// How the bytes are to be read.
    public enum Form: Hashable, Sendable {
        /// The four bytes that tell the length of what follows.
        case length
        /// Characters.
        case text
        /// Bytes without a meaning of their own.
        case bytes
        /// An `mpint` of RFC 4251 section 5, without its length.
        case integer
        /// A number of as many bytes as there are.
        case number
        /// Seconds since 1970; zero for always, 2^64-1 for ever.
        case time
        /// What could not be read, or has no business there.
        case unread
    }

    /// The name, spelled as the draft spells it; that of a length is the name of what follows.
    public let name: String
    /// Where the bytes are.
    public let range: Range<Int>
    /// How many strings the field is inside of.
    public let depth: Int
    /// How the bytes are to be read.
    public let form: Form
}

extension CertificateDissection {
    /// The bytes of a field.
    public func bytes(of field: DissectedField) -> ArraySlice<UInt8> {
        blob[field.range.clamped(to: blob.indices)]
    }

    /// What the bytes of a field say, in printable ASCII whatever they are; times as plain seconds.
    public func meaning(of field: DissectedField) -> String {
        let bytes = bytes(of: field)
        switch field.form {
        case .length: return "\(Self.number(bytes)) bytes"
        case .text: return PrintableText.quoted(String(decoding: bytes, as: UTF8.self))
        case .bytes: return "\(bytes.count) bytes"
        case .integer: return Self.integer(bytes)
        case .number: return String(Self.number(bytes))
        case .time:
            switch Self.number(bytes) {
            case 0 where field.name == "valid after": return "always"
            case .max: return "for ever"
            case let seconds: return "\(seconds) seconds after 1970"
            }
        case .unread: return "\(bytes.count) bytes that were not read"
        }
    }

    /// The big-endian number of up to eight bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> String {
        guard let first = bytes.first else { return "zero" }
        guard first < 0x80 else { return "a negative integer" }
        let bits = bytes.bitLength
        let isShortest = bits / 8 + 1 == bytes.count
        let value = bits <= 64 ? "\(number(bytes.suffix(8))), an integer" : "an integer"
        return "\(value) of \(bits) bits\(isShortest ? "" : " with needless leading zeros")"
    }
}

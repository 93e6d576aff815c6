// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// A SHA-256 digest, FIPS 180-4: 32 bytes, ordered as numbers are.
public struct SHA256Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The length of a digest, in bytes.
    public static let length = 32

    /// The digest's 32 bytes.
    public let bytes: [UInt8]

    /// Hashes `message`.
    public init(hashing message: some Collection<UInt8>) {
        bytes = DigestAlgorithm.sha256.hash(message)
    }

    /// Takes a digest as its bytes, or nil where they are not 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// Reads a digest from 64 hexadecimal digits, lower case, or nil where `hex` is anything else.
    public init?(hex: String) {
        var hex = hex
        let read = hex.withUTF8 { unsafe Self.read($0) }
        guard let bytes = read else { return nil }
        self.bytes = bytes
    }

    /// Takes the digest that a hasher ended with.
    init(finished bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The digest as 64 hexadecimal digits, lower case.
    public var hex: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * Self.length)
        for byte in bytes {
            digits.append(Self.digit(byte >> 4))
            digits.append(Self.digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The digest as padded Base64, 44 characters.
    public var base64: String { Base64.encode(bytes) }

    /// The digest as 64 hexadecimal digits, lower case.
    public var description: String { hex }

    /// Orders digests as the numbers that their bytes spell, most significant byte first.
    public static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The bytes that so many digits stand for.
    private static func read(_ digits: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard digits.count == 2 * length else { return nil }
        var isRead = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { bytes, count in
            for place in 0..<length {
                let high = values[Int(unsafe digits[2 * place])]
                let low = values[Int(unsafe digits[2 * place + 1])]
                if high | low > 15 { isRead = false }
                unsafe bytes[place] = high << 4 | low & 15
            }
            count = length
        }
        return isRead ? bytes : nil
    }

    /// What each byte stands for as a digit; 16 for none.
    private static let values: [UInt8] = (UInt8.min...UInt8.max).map { digit in
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: 16
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// A SHA-256 digest, FIPS 180-4: 32 bytes, ordered as numbers are.
public struct SHA256Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The length of a digest, in bytes.
    public static let length = 32

    // The digest in place, and not in an array of its own: ledgers are full of digests.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Hashes `message`.
    public init(hashing message: some Collection<UInt8>) {
        let digest = message.withContiguousStorageIfAvailable { unsafe Self(hashing: $0) }
        self = digest ?? Self(hashing: Array(message))
    }

    /// Hashes `message`; other modules have no code of ours for their own kind of collection.
    public init(hashing message: [UInt8]) {
        self = unsafe message.withUnsafeBufferPointer { unsafe Self(hashing: $0) }
    }

    private init(hashing message: UnsafeBufferPointer<UInt8>) {
        self = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.length) {
            unsafe DigestAlgorithm.sha256.hash(message, into: $0)
            return unsafe Self(raw: UnsafeRawBufferPointer($0))
        }
    }

    /// Takes a digest as its bytes, or nil where they are not 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self = unsafe bytes.withUnsafeBytes { unsafe Self(raw: $0) }
    }

    /// Takes a digest as its bytes out of memory, or nil where they are not 32.
    @unsafe
    public init?(copying bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length else { return nil }
        unsafe self.init(raw: bytes)
    }

    /// Reads a digest from 64 hexadecimal digits, lower case, or nil where `hex` is anything else.
    public init?(hex: String) {
        self.init(hex: hex[...])
    }

    /// Reads a digest from a part of a text, as from a whole one.
    public init?(hex: Substring) {
        var hex = hex
        let read = hex.withUTF8 { unsafe Self.read($0) }
        guard let read else { return nil }
        self = read
    }

    /// Takes the digest that a hasher ended with, which has 32 bytes.
    init(finished bytes: [UInt8]) {
        self = unsafe bytes.withUnsafeBytes { unsafe Self(raw: $0) }
    }

    /// Takes 32 bytes.
    private init(raw bytes: UnsafeRawBufferPointer) {
        func word(_ place: Int) -> UInt64 {
            UInt64(
                bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
        }
        self.init(word(0), word(1), word(2), word(3))
    }

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// The digest's 32 bytes.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.length) { output, count in
            let raw = UnsafeMutableRawBufferPointer(output)
            for (place, word) in [first, second, third, fourth].enumerated() {
                unsafe raw.storeBytes(of: word.bigEndian, toByteOffset: 8 * place, as: UInt64.self)
            }
            count = Self.length
        }
    }

    /// Appends the digest's 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
        unsafe withUnsafeBytes(of: words) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The first eight of the digest's bytes, the most significant first.
    public var prefix: UInt64 { first }

    /// The digest as 64 hexadecimal digits, lower case.
    public var hex: String {
        unsafe String(unsafeUninitializedCapacity: 2 * Self.length) { output in
            var place = 0
            for word in [first, second, third, fourth] {
                var rest = word
                for _ in 0..<16 {
                    rest = rest << 4 | rest >> 60
                    let value = UInt8(truncatingIfNeeded: rest & 15)
                    unsafe output[place] = value < 10 ? 0x30 + value : 0x57 + value
                    place += 1
                }
            }
            return place
        }
    }

    /// The digest as padded Base64, 44 characters.
    public var base64: String { Base64.encode(bytes) }

    /// The digest as 64 hexadecimal digits, lower case.
    public var description: String { hex }

    /// Orders digests as the numbers that their bytes spell, most significant byte first.
    public static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second, left.third, left.fourth)
            < (right.first, right.second, right.third, right.fourth)
    }

    /// The digest that so many digits stand for.
    private static func read(_ digits: UnsafeBufferPointer<UInt8>) -> Self? {
        guard digits.count == 2 * length else { return nil }
        var isRead = true
        func word(_ number: Int) -> UInt64 {
            var word: UInt64 = 0
            for place in (16 * number)..<(16 * number + 16) {
                let value = values[Int(unsafe digits[place])]
                if value > 15 { isRead = false }
                word = word << 4 | UInt64(value & 15)
            }
            return word
        }
        let digest = Self(word(0), word(1), word(2), word(3))
        return isRead ? digest : nil
    }

    /// What each byte stands for as a digit; 16 for none.
    private static let values: [UInt8] = (UInt8.min...UInt8.max).map { digit in
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: 16
        }
    }
}

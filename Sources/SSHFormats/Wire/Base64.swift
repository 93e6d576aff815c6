// SPDX-License-Identifier: Apache-2.0

/// Base64 of RFC 4648 section 4: padded, and only in its one canonical form.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() {
            table[Int(character)] = UInt8(value)
        }
        return table
    }()

    /// The padded Base64 text of `bytes`, on one line.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        // Other modules have no code of ours for their own kind of collection: an array has.
        encode(array: Array(bytes))
    }

    private static func encode(array bytes: [UInt8]) -> String {
        let alphabet = alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(group >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(group << (6 - bits) & 63)]) }
        while text.count % 4 != 0 { text.append(0x3D) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of `bytes` in the alphabet for URLs and without padding, RFC 4648 section 5.
    public static func encodeURL(_ bytes: some Collection<UInt8>) -> String {
        let text = encode(bytes).utf8.lazy.filter { $0 != 0x3D }.map { character in
            switch character {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: character
            }
        }
        return String(decoding: Array(text), as: UTF8.self)
    }

    /// The bytes that `text` stands for, or nil where it is not canonical Base64: wrong length,
    /// a character outside the alphabet, missing or needless padding, bits set behind the end.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        decode(array: Array(text))
    }

    /// The bytes that `text` stands for, or nil where it is not canonical Base64.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(array: Array(text.utf8))
    }

    private static func decode(array text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reduce(0) { $0 + ($1 == 0x3D ? 1 : 0) }
        let digits = text.count - padding
        var isGood = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) {
            bytes, count in
            isGood = unsafe text.withUnsafeBufferPointer { text in
                unsafe values.withUnsafeBufferPointer { values in
                    unsafe decode(text, digits, values, into: bytes)
                }
            }
            count = text.count / 4 * 3 - padding
        }
        return isGood ? bytes : nil
    }

    /// Decodes the first `digits` characters, and says whether they are canonical; `bytes` has room
    /// for three where `text` has four.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ digits: Int, _ values: UnsafeBufferPointer<UInt8>,
        into bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var all: UInt8 = 0
        func value(_ place: Int) -> UInt32 {
            let value = unsafe values[Int(text[place])]
            all |= value
            return UInt32(value)
        }
        var read = 0
        var filled = 0
        while read + 4 <= digits {
            let first = unsafe values[Int(text[read])]
            let second = unsafe values[Int(text[read + 1])]
            let third = unsafe values[Int(text[read + 2])]
            let fourth = unsafe values[Int(text[read + 3])]
            all |= first | second | third | fourth
            let group =
                UInt32(first) << 18 | UInt32(second) << 12 | UInt32(third) << 6 | UInt32(fourth)
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: group >> 16)
            unsafe bytes[filled + 1] = UInt8(truncatingIfNeeded: group >> 8)
            unsafe bytes[filled + 2] = UInt8(truncatingIfNeeded: group)
            read += 4
            filled += 3
        }
        switch digits - read {
        case 0: return all < 64
        case 2:
            let group = value(read) << 6 | value(read + 1)
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: group >> 4)
            return all < 64 && group & 0xF == 0
        case 3:
            let group = value(read) << 12 | value(read + 1) << 6 | value(read + 2)
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: group >> 10)
            unsafe bytes[filled + 1] = UInt8(truncatingIfNeeded: group >> 2)
            return all < 64 && group & 3 == 0
        default: return false
        }
    }
}

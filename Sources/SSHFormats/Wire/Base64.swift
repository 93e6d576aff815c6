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
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            guard held == 3 else { continue }
            for shift: UInt32 in [18, 12, 6, 0] {
                text.append(alphabet[Int(group >> shift & 63)])
            }
            group = 0
            held = 0
        }
        if held == 1 {
            text += [alphabet[Int(group >> 2 & 63)], alphabet[Int(group << 4 & 63)], 0x3D, 0x3D]
        } else if held == 2 {
            text += [
                alphabet[Int(group >> 10 & 63)], alphabet[Int(group >> 4 & 63)],
                alphabet[Int(group << 2 & 63)], 0x3D,
            ]
        }
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
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reduce(0) { $0 + ($1 == 0x3D ? 1 : 0) }
        let values = values
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var bits = 0
        for character in text.dropLast(padding) {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            group &= (1 << UInt32(bits)) - 1
        }
        guard group == 0 else { return nil }
        return bytes
    }

    /// The bytes that `text` stands for, or nil where it is not canonical Base64.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Which characters may stand in a text that people read and sign.
///
/// The table is fixed here and not taken from the Unicode version of the standard library, so that a
/// text which was good when it was signed stays good in every later build.
public enum SafeText {
    /// Characters that steer a terminal, turn the direction of writing, or cannot be seen.
    private static let refused: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x7F...0x9F,  // controls
        0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x202F...0x202F,  // spaces other than U+0020
        0x205F...0x205F, 0x3000...0x3000,
        0xAD...0xAD, 0x034F...0x034F, 0x061C...0x061C,  // soft hyphen, joiner, Arabic mark
        0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F,  // fillers, vowels and selectors unseen
        0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,  // zero width, separators, bidi
        0x2800...0x2800, 0x3164...0x3164, 0xFFA0...0xFFA0,  // blank Braille, Hangul fillers
        0xE000...0xF8FF, 0xFDD0...0xFDEF,  // private use, noncharacters
        0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFF0...0xFFFB,  // selectors, BOM, annotation
        0x1BCA0...0x1BCA3, 0x1D173...0x1D17A,  // controls of shorthand and of music
        0xE0000...0xE0FFF, 0xF0000...0x10FFFF,  // tags and selectors, private use
    ]

    /// Whether a reader sees `scalar` for what it is.
    public static func allows(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x7F { return value >= 0x20 }
        if value & 0xFFFE == 0xFFFE { return false }
        return !refused.contains { $0.contains(value) }
    }

    /// `U+000A`: a character that is better named than shown.
    public static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Text from outside, made fit to stand in a message: quoted, escaped and cut.
///
/// Characters that steer a terminal or cannot be seen are written `\u{1B}`; what exceeds `limit`
/// characters is left out and an ellipsis stands for it after the closing quote.
public func quoted(_ text: some StringProtocol, limit: Int = 80) -> String {
    var result = "\""
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < limit else { return result + "\"…" }
        count += 1
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where SafeText.allows(scalar): result.unicodeScalars.append(scalar)
        default: result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
    return result + "\""
}

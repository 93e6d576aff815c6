// SPDX-License-Identifier: Apache-2.0

/// The text of a fixed-length field, without the blanks or zero bytes that fill it up.
func fixedText<Field>(_ field: Field) -> String {
    let bytes = unsafe withUnsafeBytes(of: field) { unsafe Array($0) }
    let padding: Set<UInt8> = [0, UInt8(ascii: " ")]
    guard let last = bytes.lastIndex(where: { !padding.contains($0) }) else { return "" }
    return String(decoding: bytes[...last], as: UTF8.self)
}

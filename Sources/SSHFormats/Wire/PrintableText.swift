// SPDX-License-Identifier: Apache-2.0

/// Texts of printable ASCII characters, space included: what can be shown on any screen as it is.
enum PrintableText {
    /// Reads 1 to `limit` printable ASCII characters.
    static func read(
        _ field: String, _ bytes: ArraySlice<UInt8>, limit: Int
    ) throws(FormatError) -> String {
        guard !bytes.isEmpty else {
            throw FormatError(field, at: bytes.startIndex, .invalid("it is empty"))
        }
        guard bytes.count <= limit else {
            throw FormatError(
                field, at: bytes.startIndex, .tooLong(length: bytes.count, limit: limit))
        }
        if let index = bytes.firstIndex(where: { !isPrintable($0) }) {
            throw FormatError(
                field, at: index, .invalid("byte \(hex(bytes[index])) is not printable ASCII"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the byte is an ASCII character with a shape, or a space.
    static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

    /// Input as a message may show it: quoted, escaped, cut after 80 bytes.
    static func quoted(_ text: String) -> String {
        let shown = text.utf8.prefix(80).map { byte in
            isPrintable(byte) && byte != 0x22 && byte != 0x5C
                ? String(decoding: [byte], as: UTF8.self) : "\\x\(hex(byte))"
        }
        return "\"\(shown.joined())\(text.utf8.count > 80 ? "…" : "")\""
    }

    /// Two lower-case hexadecimal digits.
    static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

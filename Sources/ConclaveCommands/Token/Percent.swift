// SPDX-License-Identifier: Apache-2.0

/// Text of any characters in printable ASCII without spaces: other bytes are written as `%0A`.
enum Percent {
    /// Encodes a text; the same text always gives the same.
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// Decodes; nil where it is not what ``encode(_:)`` would have written.
    static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            guard digits.count == 2, let number = UInt8(String(Substring(digits)), radix: 16)
            else { return nil }
            bytes.append(number)
        }
        guard let result = String(validating: bytes, as: UTF8.self), encode(result) == text else {
            return nil
        }
        return result
    }
}

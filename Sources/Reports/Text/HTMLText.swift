// SPDX-License-Identifier: Apache-2.0

/// Text of others as it stands within an element or an attribute of an HTML page.
enum HTMLText {
    /// The text with every character that HTML reads as more than itself written as a reference.
    static func escaped(_ text: String) -> String {
        let shown = ShownText.plain(text)
        guard shown.utf8.contains(where: isMarkup) else { return shown }
        var result: [UInt8] = []
        result.reserveCapacity(shown.utf8.count + 32)
        for byte in shown.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            true
        default: false
        }
    }
}

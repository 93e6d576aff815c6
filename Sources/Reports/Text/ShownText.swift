// SPDX-License-Identifier: Apache-2.0
import Documents

/// Text of others as a report may show it.
enum ShownText {
    /// The text, with what steers a terminal, turns the line or cannot be seen written as `\u{1B}`.
    static func plain(_ text: String) -> String {
        // Nearly all of it is plain ASCII, which needs no second look.
        guard !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if SafeText.allows(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return result
    }
}

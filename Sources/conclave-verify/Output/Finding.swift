// SPDX-License-Identifier: Apache-2.0
import Documents

/// One thing that a check found: that something is well, or is not, or what to know beside.
struct Finding: Hashable, Sendable {
    /// How much a finding weighs.
    enum Level: String, Hashable, Sendable {
        /// It was checked and is as it should be.
        case ok = "ok"
        /// What the reader should know: above all, what could not be proven.
        case note = "note"
        /// Nothing is wrong, and yet the reader must do something.
        case warning = "WARN"
        /// It is not as it should be.
        case fault = "FAIL"
    }

    /// How much it weighs.
    let level: Level
    /// The file that it is about; nil where it is about the whole.
    let subject: String?
    /// What was found.
    let message: String
    /// The rule that is broken; nil where none is.
    let rule: RuleID?

    /// The finding as one line: `FAIL  audit/batch.txt: the manifest … (BATCH-TEXT)`.
    var line: String {
        let label = level.rawValue + String(repeating: " ", count: 6 - level.rawValue.utf8.count)
        let place = subject.map { "\(shownPath($0)): " } ?? ""
        let name = rule.map { " (\($0.name))" } ?? ""
        return label + place + shownText(message) + name
    }
}

/// A path as a line may show it: as it is where every character is plain, else quoted and escaped.
func shownPath(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    return isPlain && !path.isEmpty ? path : quoted(path, limit: 1_000)
}

/// Text as a terminal may show it: what steers it or cannot be seen is written as `\u{1B}`.
func shownText(_ text: String) -> String {
    guard !text.unicodeScalars.allSatisfy(SafeText.allows) else { return text }
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

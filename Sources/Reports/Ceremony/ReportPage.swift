// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto

/// A report as lines of text: names on the left, values behind them.
struct ReportPage {
    /// Where values begin on a line that is not set in.
    static let column = 16
    /// How many words stand on a line.
    static let wordsPerLine = 8

    /// The lines.
    private(set) var text = ""

    /// Adds a line as it is; everything of others in it was made plain before.
    mutating func line(_ line: String = "") { text += line + "\n" }

    /// Adds a name and its value; the value stands `column` characters behind the margin.
    mutating func field(
        _ name: String, _ value: String, margin: Int = 0, column: Int = Self.column
    ) {
        let filling = String(repeating: " ", count: max(1, column - name.count))
        line(
            String(repeating: " ", count: margin) + name + filling + ShownText.plain(value))
    }

    /// Adds the words of bytes, some on each line.
    mutating func words(
        _ words: [String], name: String = "words", margin: Int = 0, column: Int = Self.column
    ) {
        var rest = words[...]
        var name = name
        while !rest.isEmpty {
            let row = rest.prefix(Self.wordsPerLine).joined(separator: " ")
            field(name, row, margin: margin, column: column)
            rest = rest.dropFirst(Self.wordsPerLine)
            name = ""
        }
    }

    /// Adds a heading behind an empty line.
    mutating func heading(_ heading: String) {
        line()
        line(heading)
    }
}

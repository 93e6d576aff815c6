// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text in quotation marks, fit for a terminal and a report.
    ///
    /// Labels come from outside. What could move the cursor, turn the direction of writing or hide
    /// itself is shown by its number: `"ca\u{1b}[2J"`.
    public var quotedForDisplay: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
                .unassigned:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                if scalar == "\"" || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

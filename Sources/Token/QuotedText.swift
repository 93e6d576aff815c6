// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text in quotation marks, fit for a terminal and a report.
    ///
    /// Labels come from outside. What could move the cursor, turn the direction of writing, hide
    /// itself or pass for a plain space is shown by its number: `"ca\u{1b}[2J"`.
    public var quotedForDisplay: String {
        var text = "\""
        for scalar in unicodeScalars {
            if Self.isUnseen(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                if scalar == "\"" || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            true
        case .spaceSeparator: scalar != " "
        // Fillers and joiners have a shape by category and none on the screen; so has blank Braille.
        default: scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes a text in the grammar of `Document`.
///
/// A value can never break out of its line: a character that no text may hold is written as
/// `\u{A}` and noted in `faults`, as is a name or value that `Document` would refuse anywhere.
public struct DocumentWriter {
    /// The text so far.
    public private(set) var text: String
    /// What was given to be written and is not of the grammar; empty in a program without faults.
    public private(set) var faults: [Violation] = []
    private var line = 1
    private var isBlockDue = false

    /// Begins a text of this kind with its heading.
    public init(kind: String) {
        text = Document.heading(kind) + "\n"
        if !FieldName.isValid((Document.headingPrefix + kind).utf8) {
            faults.append(
                Violation(.documentHead, line: 1, "\(quoted(kind)) is not a kind of text"))
        }
    }

    /// Appends a line.
    public mutating func field(_ name: String, _ value: String) {
        if isBlockDue {
            text += "\n"
            line += 1
            isBlockDue = false
        }
        line += 1
        if !FieldName.isValid(name.utf8) {
            faults.append(
                Violation(.documentLine, line: line, "\(quoted(name)) is not the name of a field"))
        }
        let isSafe = value.unicodeScalars.allSatisfy(SafeText.allows)
        if !isSafe || value.isEmpty || value.utf8.first == 0x20 || value.utf8.last == 0x20 {
            faults.append(
                Violation(
                    .documentValue, line: line,
                    "field \(quoted(name)) cannot hold \(quoted(value))"))
        }
        text += "\(name): \(isSafe ? value : escaped(value))\n"
    }

    /// Begins a new block with the next field; without one, nothing is written.
    public mutating func block() {
        isBlockDue = true
    }

    /// The text so far, as UTF-8.
    public var bytes: [UInt8] { Array(text.utf8) }

    /// The finished text.
    ///
    /// - Throws: `Violations` with `faults`, if there are any.
    public func finish() throws(Violations) -> [UInt8] {
        try Violations.raise(faults)
        return bytes
    }

    private func escaped(_ value: String) -> String {
        String(quoted(value, limit: .max).dropFirst().dropLast())
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes a text in the grammar of `Document`.
///
/// A value can never break out of its line: a character that no text may hold is written as
/// `\u{A}` and noted in `faults`, as is a name or value that `Document` would refuse anywhere.
public struct DocumentWriter {
    /// The text so far, as UTF-8.
    public private(set) var bytes: [UInt8]
    /// What was given to be written and is not of the grammar; empty in a program without faults.
    public private(set) var faults: [Violation] = []
    private var line = 1
    private var isBlockDue = false

    /// Begins a text of this kind with its heading.
    public init(kind: String) {
        bytes = Array((Document.heading(kind) + "\n").utf8)
        if !FieldName.isValid((Document.headingPrefix + kind).utf8) {
            faults.append(
                Violation(.documentHead, line: 1, "\(quoted(kind)) is not a kind of text"))
        }
    }

    /// Appends a line.
    public mutating func field(_ name: String, _ value: String) {
        if isBlockDue {
            bytes.append(Self.lineFeed)
            line += 1
            isBlockDue = false
        }
        line += 1
        if writePlain(name, value) { return }
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
        bytes += "\(name): \(isSafe ? value : escaped(value))\n".utf8
    }

    /// Appends a line of printable ASCII without a fault, as nearly all are; nothing where it is not.
    private mutating func writePlain(_ name: String, _ value: String) -> Bool {
        guard FieldName.isValid(name.utf8) else { return false }
        let start = bytes.count
        bytes += name.utf8
        bytes.append(UInt8(ascii: ":"))
        bytes.append(Self.space)
        let place = bytes.count
        bytes += value.utf8
        guard bytes.count > place, bytes[place] != Self.space, bytes[bytes.count - 1] != Self.space,
            bytes[place...].allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            bytes.removeSubrange(start...)
            return false
        }
        bytes.append(Self.lineFeed)
        return true
    }

    /// Begins a new block with the next field; without one, nothing is written.
    public mutating func block() {
        isBlockDue = true
    }

    /// The text so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

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

    private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
    private static var space: UInt8 { UInt8(ascii: " ") }
}

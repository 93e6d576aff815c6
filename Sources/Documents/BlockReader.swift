// SPDX-License-Identifier: Apache-2.0

/// Takes the fields of one block by name and gathers every fault on the way.
///
/// Ask for each field that may stand in the block, then call `finish()`: what was never asked for is
/// unknown there.
public struct BlockReader {
    private let block: Block
    private var asked: [String] = []
    private var violations = ViolationList()

    /// Begins to read `block`.
    public init(_ block: Block) {
        self.block = block
    }

    /// The one field of this name; missing or repeated is reported, of several the first is taken.
    public mutating func required(_ name: String) -> Field? {
        let field = optional(name)
        if field == nil {
            report(
                Violation(.documentMissing, line: block.line, "field \(quoted(name)) is missing"))
        }
        return field
    }

    /// The field of this name, if it is there; repeated is reported, and the first is taken.
    public mutating func optional(_ name: String) -> Field? {
        let found = repeated(name)
        guard let first = found.first else { return nil }
        for field in found.dropFirst() {
            report(
                Violation(
                    .documentRepeated, line: field.line,
                    "field \(quoted(name)) is given again; it stands in line \(first.line) already")
            )
        }
        return first
    }

    /// All fields of this name, in the order of the text.
    public mutating func repeated(_ name: String) -> [Field] {
        if !asked.contains(name) { asked.append(name) }
        return block.fields.filter { $0.name == name }
    }

    /// Adds a fault that the caller found.
    public mutating func report(_ violation: Violation) {
        violations.append(violation)
    }

    /// What `parse` makes of the field's value; nil is reported as `NAME "VALUE" is not EXPECTED`.
    ///
    /// A field that is nil gives nil and no report: its absence has been reported or is allowed.
    public mutating func value<T>(
        _ field: Field?, _ rule: RuleID = .documentValue, expected: String,
        _ parse: (String) -> T?
    ) -> T? {
        guard let field else { return nil }
        if let value = parse(field.value) { return value }
        report(
            Violation(
                rule, line: field.line, "\(field.name) \(quoted(field.value)) is not \(expected)"))
        return nil
    }

    /// All faults of the block by line, one for each field that was never asked for among them; of
    /// more than ``Document/maximumViolations``, the rest is counted.
    public mutating func finish() -> [Violation] {
        let known = Set(asked)
        let hint = asked.isEmpty ? nil : "known here: \(asked.joined(separator: ", "))"
        for field in block.fields where !known.contains(field.name) {
            report(
                Violation(
                    .documentField, line: field.line,
                    "field \(quoted(field.name)) is not known here", hint: hint))
        }
        return violations.sortedByLine
    }
}

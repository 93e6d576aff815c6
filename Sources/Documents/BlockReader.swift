// SPDX-License-Identifier: Apache-2.0

/// Takes the fields of one block by name and gathers every fault on the way.
///
/// Ask for each field that may stand in the block, then call `finish()`: what was never asked for is
/// unknown there.
public struct BlockReader {
    private let block: Block
    private var asked: [String] = []
    /// The names of which one field was taken without a look at all others.
    private var taken: [String] = []
    /// Where the next field is expected: most are asked for in the order of the text.
    private var next = 0
    /// How many fields were given out.
    private var count = 0
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
        if next < block.fields.count, block.fields[next].name == name, !asked.contains(name) {
            asked.append(name)
            taken.append(name)
            count += 1
            next += 1
            return block.fields[next - 1]
        }
        let isFirst = ask(name)
        guard let place = block.fields.firstIndex(where: { $0.name == name }) else { return nil }
        next = place + 1
        if isFirst { count += 1 }
        reportRepeated(block.fields[place])
        return block.fields[place]
    }

    /// Reports the fields that bear the name of `first` behind it.
    private mutating func reportRepeated(_ first: Field) {
        for field in block.fields where field.name == first.name && field.line > first.line {
            report(
                Violation(
                    .documentRepeated, line: field.line,
                    "field \(quoted(first.name)) is given again; it stands in line "
                        + "\(first.line) already"))
        }
    }

    /// All fields of this name, in the order of the text.
    public mutating func repeated(_ name: String) -> [Field] {
        let isFirst = ask(name)
        guard let first = block.fields.firstIndex(where: { $0.name == name }) else { return [] }
        let found = block.fields[first...].filter { $0.name == name }
        if isFirst { count += found.count }
        next = first + found.count
        return found
    }

    /// Notes that a name was asked for, and says whether it is for the first time.
    private mutating func ask(_ name: String) -> Bool {
        guard !asked.contains(name) else { return false }
        asked.append(name)
        return true
    }

    /// Adds a fault that the caller found.
    public mutating func report(_ violation: Violation) {
        violations.append(violation)
    }

    /// What `parse` makes of the field's value; nil is reported as `NAME "VALUE" is not EXPECTED`.
    ///
    /// A field that is nil gives nil and no report: its absence has been reported or is allowed.
    @inlinable
    public mutating func value<T>(
        _ field: Field?, _ rule: RuleID = .documentValue, expected: String,
        _ parse: (String) -> T?
    ) -> T? {
        guard let field else { return nil }
        if let value = parse(field.value) { return value }
        reportValue(of: field, rule, expected: expected)
        return nil
    }

    @usableFromInline
    mutating func reportValue(of field: Field, _ rule: RuleID, expected: String) {
        report(
            Violation(
                rule, line: field.line, "\(field.name) \(quoted(field.value)) is not \(expected)"))
    }

    /// All faults of the block by line, one for each field that was never asked for among them; of
    /// more than ``Document/maximumViolations``, the rest is counted.
    public mutating func finish() -> [Violation] {
        guard count < block.fields.count else { return violations.sortedByLine }
        for name in taken {
            if let first = block.fields.first(where: { $0.name == name }) { reportRepeated(first) }
        }
        for field in block.fields where !asked.contains(field.name) {
            let hint = asked.isEmpty ? nil : "known here: \(asked.joined(separator: ", "))"
            report(
                Violation(
                    .documentField, line: field.line,
                    "field \(quoted(field.name)) is not known here", hint: hint))
        }
        return violations.sortedByLine
    }

    /// All faults of a block whose fields have an order, in which they were asked for.
    ///
    /// Those of `finish()`, and one for the first field that stands behind one that was asked for later.
    public mutating func finishInOrder() -> [Violation] {
        var latest = 0
        for field in block.fields {
            guard let place = asked.firstIndex(of: field.name) else { continue }
            if place < latest {
                report(
                    Violation(
                        .documentCanonical, line: field.line,
                        "field \(quoted(field.name)) belongs before \(quoted(asked[latest]))"))
                break
            }
            latest = place
        }
        return finish()
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Takes the fields of one block by name and gathers every fault on the way.
///
/// Ask for each field that may stand in the block, then call `finish()`: what was never asked for is
/// unknown there.
public struct BlockReader {
    /// A name that was asked for.
    private struct Question {
        let name: String
        /// Whether one field was taken without a look at all others.
        var isInPlace = false
    }

    private let block: Block
    private var asked: [Question] = []
    /// A bit for each length of a name that was asked for: most names are told apart by it.
    private var askedLengths: UInt64 = 0
    /// Where the next field is expected: most are asked for in the order of the text.
    private var next = 0
    /// How many fields were given out.
    private var count = 0
    /// Whether each field that was given out stood where the next was expected.
    private var isAscending = true
    private var violations = ViolationList()

    /// Begins to read `block`.
    public init(_ block: Block) {
        self.block = block
        asked.reserveCapacity(block.fields.count + 4)
    }

    /// Whether the fields were asked for in the order of the text, and none of them was left out.
    public var isInOrder: Bool { isAscending && count == block.fields.count }

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
        if next < block.fields.count, isSame(block.fields[next].name, name), !wasAsked(name) {
            note(Question(name: name, isInPlace: true))
            count += 1
            next += 1
            return block.fields[next - 1]
        }
        let isFirst = ask(name)
        guard let place = block.fields.firstIndex(where: { isSame($0.name, name) }) else {
            return nil
        }
        isAscending = isAscending && place == next
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
        guard let first = block.fields.firstIndex(where: { isSame($0.name, name) }) else {
            return []
        }
        let found = block.fields[first...].filter { isSame($0.name, name) }
        if isFirst { count += found.count }
        let together = block.fields[first..<(first + found.count)]
        isAscending =
            isAscending && first == next && together.allSatisfy { isSame($0.name, name) }
        next = first + found.count
        return found
    }

    /// Notes that a name was asked for, and says whether it is for the first time.
    private mutating func ask(_ name: String) -> Bool {
        guard !wasAsked(name) else { return false }
        note(Question(name: name))
        return true
    }

    private mutating func note(_ question: Question) {
        asked.append(question)
        askedLengths |= Self.bit(question.name)
    }

    private func wasAsked(_ name: String) -> Bool {
        askedLengths & Self.bit(name) != 0 && asked.contains { isSame($0.name, name) }
    }

    private static func bit(_ name: String) -> UInt64 { 1 << UInt64(name.utf8.count & 63) }

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
        for question in asked where question.isInPlace {
            let first = block.fields.first { $0.name == question.name }
            if let first { reportRepeated(first) }
        }
        let known = asked.map(\.name)
        for field in block.fields where !wasAsked(field.name) {
            let hint = known.isEmpty ? nil : "known here: \(known.joined(separator: ", "))"
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
        guard !isInOrder else { return finish() }
        var latest = 0
        for field in block.fields {
            guard let place = asked.firstIndex(where: { $0.name == field.name }) else { continue }
            if place < latest {
                report(
                    Violation(
                        .documentCanonical, line: field.line,
                        "field \(quoted(field.name)) belongs before \(quoted(asked[latest].name))"))
                break
            }
            latest = place
        }
        return finish()
    }
}

/// Whether two names are one; most others differ in their length, which takes no call to see.
@inline(__always)
private func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left == right
}

// SPDX-License-Identifier: Apache-2.0

/// One breach of one rule: where it lies, what is wrong, and what may help.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that is broken.
    public let rule: RuleID
    /// The line of the text, counted from 1; nil where the fault belongs to no line.
    public let line: Int?
    /// What is wrong: lower case, the value quoted, the bound stated.
    public let message: String
    /// What may help; shown on a line of its own and no part of `description`.
    public let hint: String?

    /// States a breach of `rule`.
    public init(_ rule: RuleID, line: Int? = nil, _ message: String, hint: String? = nil) {
        self.rule = rule
        self.line = line
        self.message = message
        self.hint = hint
    }

    /// The breach as one line: `line 4: validity 400d exceeds 90d (VALIDITY-MAX)`.
    public var description: String {
        let place = line.map { "line \($0): " } ?? ""
        return "\(place)\(message) (\(rule.name))"
    }
}

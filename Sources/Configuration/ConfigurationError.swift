// SPDX-License-Identifier: Apache-2.0
public import Documents

/// One mistake in a configuration file.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the file, as the caller gave it.
    public let file: String
    /// Where the mistake is; nil where it belongs to the file as a whole.
    public let mark: SourceMark?
    /// The rule that is broken.
    public let rule: RuleID
    /// What is wrong.
    public let message: String
    /// What may help; no part of `description`.
    public let hint: String?

    /// States a mistake in `file`.
    public init(
        file: String, mark: SourceMark?, rule: RuleID, message: String, hint: String? = nil
    ) {
        self.file = file
        self.mark = mark
        self.rule = rule
        self.message = message
        self.hint = hint
    }

    /// The mistake as one line: `policy.yaml:4:20: clock: "step" is not known here (CONFIG-KEY)`.
    public var description: String {
        var place = file
        if let mark {
            place += ":\(mark.line):\(mark.column)"
            if !mark.path.isEmpty { place += ": \(mark.path)" }
        }
        return "\(place): \(message) (\(rule.name))"
    }
}

extension RuleID {
    /// The file is YAML, in visible UTF-8.
    public static let configurationSyntax = RuleID("CONFIG-SYNTAX")
    /// A mapping holds only keys that are known there.
    public static let configurationKey = RuleID("CONFIG-KEY")
    /// A key that is needed is there.
    public static let configurationMissing = RuleID("CONFIG-MISSING")
    /// A value is of the type that its key asks for.
    public static let configurationType = RuleID("CONFIG-TYPE")
    /// A mapping holds each key once.
    public static let configurationDuplicate = RuleID("CONFIG-DUPLICATE")
    /// Anchors, aliases, tags, directives and merge keys are not read: the file says what it says.
    public static let configurationAnchor = RuleID("CONFIG-ANCHOR")
    /// The file is one document within the limits of bytes, nodes and nesting.
    public static let configurationSize = RuleID("CONFIG-SIZE")
}

// SPDX-License-Identifier: Apache-2.0

/// The name of a rule, as it stands in messages, in the ledger and in the list of rules.
///
/// Each module adds its own as static constants: `extension RuleID { static let … }`. A name is
/// upper case with hyphens, such as `VALIDITY-MAX`, and is never given to another rule.
public struct RuleID: Hashable, Sendable, CustomStringConvertible {
    /// The name, such as `DOC-LINE`.
    public let name: String

    /// Names a rule.
    public init(_ name: String) {
        self.name = name
    }

    /// The name itself.
    public var description: String { name }
}

extension RuleID {
    /// A text is within its limit of bytes.
    public static let documentSize = RuleID("DOC-SIZE")
    /// A text is within its limit of lines.
    public static let documentLines = RuleID("DOC-LINES")
    /// The first line names the kind of text and its version.
    public static let documentHead = RuleID("DOC-HEAD")
    /// Every line is `name: value`, ended by LF.
    public static let documentLine = RuleID("DOC-LINE")
    /// A value is of the characters, the length and the form that its field allows.
    public static let documentValue = RuleID("DOC-VALUE")
    /// A block holds only fields that are known there.
    public static let documentField = RuleID("DOC-FIELD")
    /// A field that is needed is there.
    public static let documentMissing = RuleID("DOC-MISSING")
    /// A field that stands for one value is given once.
    public static let documentRepeated = RuleID("DOC-REPEATED")
    /// Exactly one empty line stands between blocks, and none elsewhere.
    public static let documentBlock = RuleID("DOC-BLOCK")
    /// A text is, byte for byte, the one that its content is written as.
    public static let documentCanonical = RuleID("DOC-CANONICAL")
}

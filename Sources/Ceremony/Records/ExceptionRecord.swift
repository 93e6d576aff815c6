// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger

/// Something that a rule stopped and a person confirmed by hand.
public struct ExceptionRecord: HomeRecord {
    /// The rule that stopped it.
    public let rule: RuleID
    /// What was stopped, and what was confirmed.
    public let message: String

    /// Records an exception.
    public init(rule: RuleID, message: String) {
        self.rule = rule
        self.message = message
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.exception)
        draft.field("rule", rule.name)
        draft.field("message", message)
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let rule = reader.text("rule")
        let message = reader.text("message")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let rule, let message else { throw Violations(violations) }
        self.init(rule: RuleID(rule), message: message)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger

extension EntryDraft {
    /// The draft from which an entry of a home was made, so that a ledger that lost it makes it again.
    ///
    /// - Throws: `Violations` where the entry is none of a home, or would become another text.
    public init(restoring entry: LedgerEntry, contents: [Content]) throws(Violations) {
        guard var draft = try entry.record()?.draft else {
            throw Violations(
                Violation(
                    .recordText, "entry \(entry.index): kind \(entry.kind.rawValue) is not expected"
                ))
        }
        draft.contents = contents
        guard try draft.entry(index: entry.index, time: entry.time) == entry else {
            throw Violations(
                Violation(.recordText, "entry \(entry.index) is not written as Conclave writes it"))
        }
        self = draft
    }
}

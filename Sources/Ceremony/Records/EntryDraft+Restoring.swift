// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger

extension EntryDraft {
    /// The draft from which an entry of a home was made, so that a ledger that lost it makes it again.
    ///
    /// - Throws: `Violations` where the entry is none of a home, or would become another text.
    public init(restoring entry: LedgerEntry, contents: [Content]) throws(Violations) {
        var draft = try Self.record(of: entry).draft
        draft.contents = contents
        guard try draft.entry(index: entry.index, time: entry.time) == entry else {
            throw Violations(
                Violation(.recordText, "entry \(entry.index) is not written as Conclave writes it"))
        }
        self = draft
    }

    private static func record(of entry: LedgerEntry) throws(Violations) -> any HomeRecord {
        switch entry.kind {
        case .genesis: try GenesisRecord(entry)
        case .request: try RequestRecord(entry)
        case .refusal: try RefusalRecord(entry)
        case .batch: try BatchRecord(entry)
        case .approval: try ApprovalRecord(entry)
        case .rejection: try RejectionRecord(entry)
        case .ceremonyOpened: try CeremonyOpenedRecord(entry)
        case .token: try TokenRecord(entry)
        case .intent: try IntentRecord(entry)
        case .issued: try IssuedRecord(entry)
        case .krl: try RevocationListRecord(entry)
        case .exception: try ExceptionRecord(entry)
        case .ceremonyClosed: try CeremonyClosedRecord(entry)
        case .epoch: try EpochRecord(entry)
        case .roster, .policy, .key:
            throw Violations(
                Violation(
                    .recordText, "entry \(entry.index): kind \(entry.kind.rawValue) is not expected"
                ))
        }
    }
}

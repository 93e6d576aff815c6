// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger

extension LedgerEntry {
    /// What the entry records of a home, by its kind; nil for kinds that no home has recorded.
    ///
    /// - Throws: `Violations` where the entry is not as its kind is written.
    public func record() throws(Violations) -> (any HomeRecord)? {
        switch kind {
        case .genesis: try GenesisRecord(self)
        case .request: try RequestRecord(self)
        case .refusal: try RefusalRecord(self)
        case .batch: try BatchRecord(self)
        case .approval: try ApprovalRecord(self)
        case .rejection: try RejectionRecord(self)
        case .ceremonyOpened: try CeremonyOpenedRecord(self)
        case .token: try TokenRecord(self)
        case .intent: try IntentRecord(self)
        case .issued: try IssuedRecord(self)
        case .krl: try RevocationListRecord(self)
        case .epoch: try EpochRecord(self)
        case .exception: try ExceptionRecord(self)
        case .ceremonyClosed: try CeremonyClosedRecord(self)
        case .roster, .policy, .key: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents

extension RuleID {
    /// The file is a ledger, as this program makes it, and nothing strange stands beside it.
    public static let ledgerFile = RuleID("LEDGER-FILE")
    /// The ledger is of a version that this program knows.
    public static let ledgerVersion = RuleID("LEDGER-VERSION")
    /// The file is whole: all of its pages are there and can be read.
    public static let ledgerWhole = RuleID("LEDGER-WHOLE")
    /// An entry, a node of the tree or a content is the one that was recorded.
    public static let ledgerRecord = RuleID("LEDGER-RECORD")
}

extension LedgerStoreError {
    /// The rule that the ledger breaks; nil where the machine or the use of the ledger is at fault.
    public var rule: RuleID? {
        switch self {
        case .foreign, .foreignJournal, .leftover, .unfinished, .alteredSchema: .ledgerFile
        case .otherVersion: .ledgerVersion
        case .truncated, .corrupt: .ledgerWhole
        case .damagedEntry, .damagedNode, .damagedContent: .ledgerRecord
        default: nil
        }
    }
}

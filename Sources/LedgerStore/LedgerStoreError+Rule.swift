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
    /// The ledger has what it is asked for: an entry, a size, a certificate.
    public static let ledgerUnknown = RuleID("LEDGER-UNKNOWN")
}

extension LedgerStoreError {
    /// The rule that the ledger breaks, or the question to it; nil where the machine or the use of the
    /// ledger is at fault.
    public var rule: RuleID? {
        switch self {
        case .foreign, .foreignJournal, .leftover, .unfinished, .alteredSchema: .ledgerFile
        case .otherVersion: .ledgerVersion
        case .truncated, .corrupt: .ledgerWhole
        case .damagedEntry, .damagedNode, .damagedContent: .ledgerRecord
        case .noEntry, .noSuchSize: .ledgerUnknown
        default: nil
        }
    }
}

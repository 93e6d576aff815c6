// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
import SSHCrypto

/// Something that happened in a home, as the ledger keeps it: writing and reading side by side.
///
/// Format: `Docs/Formats/LedgerEntry.md`.
public protocol HomeRecord: Sendable {
    /// The entry's fields, the texts that it names, and what it can be found by.
    var draft: EntryDraft { get }
    /// What the entry is found by.
    var handles: [LedgerHandle] { get }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    init(_ entry: LedgerEntry) throws(Violations)
}

extension HomeRecord {
    /// What the entry is found by, out of the draft.
    public var handles: [LedgerHandle] { draft.handles }
}

extension LedgerEntry {
    /// A reader of the entry's first block.
    func reader() throws(Violations) -> BlockReader {
        guard let block = blocks.first else {
            throw Violations(Violation(.recordText, "entry \(index) has no fields"))
        }
        return BlockReader(block)
    }
}

extension BlockReader {
    mutating func text(_ name: String) -> String? { required(name)?.value }
}

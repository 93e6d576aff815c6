// SPDX-License-Identifier: Apache-2.0
public import Documents

/// An entry before the ledger gives it a place and a time.
public struct EntryDraft: Sendable {
    /// What the entry will record.
    public var kind: EntryKind
    /// The texts that the entry names by their SHA-256; they are stored in its transaction.
    ///
    /// The name stands in one of the fields, in hexadecimal digits, as the value or a word of it.
    public var contents: [Content] = []
    /// Whether no entry before this one can have named its contents, so that the ledger need not be
    /// looked through for them.
    public var hasNewContents = false
    /// What the entry can be found by.
    ///
    /// They are no part of the entry: whoever replays the ledger can make them again.
    public var handles: [LedgerHandle] = []

    private struct Line {
        let name: String
        let value: String
        let opensBlock: Bool
    }
    private var lines: [Line] = []
    private var isBlockDue = true

    /// Begins an entry of this kind, with no fields of its maker.
    public init(_ kind: EntryKind) {
        self.kind = kind
    }

    /// Appends a field to the current block; the first of all opens the first block.
    public mutating func field(_ name: String, _ value: String) {
        lines.append(Line(name: name, value: value, opensBlock: isBlockDue))
        isBlockDue = false
    }

    /// Begins a new block with the next field; without one, nothing is written.
    public mutating func block() {
        isBlockDue = true
    }

    /// The entry at this place and time.
    ///
    /// - Throws: `Violations` where a field is none that an entry can hold, or where the whole is
    ///   above its limits.
    public func entry(index: UInt64, time: UnixTime) throws(Violations) -> LedgerEntry {
        var writer = DocumentWriter(kind: LedgerEntry.documentKind)
        writer.field("index", String(index))
        writer.field("time", time.text)
        writer.field("kind", kind.rawValue)
        for line in lines {
            if line.opensBlock { writer.block() }
            writer.field(line.name, line.value)
        }
        return try LedgerEntry(parsing: writer.finish())
    }
}

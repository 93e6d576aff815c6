// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
public import SSHCrypto

/// Something wrong with a stored ledger, as ``LedgerStore/verify(inspect:progress:)`` finds it.
public enum LedgerFault: Hashable, Sendable {
    /// SQLite finds the file itself damaged.
    case database(String)
    /// No rows hold these entries.
    case missing(first: UInt64, last: UInt64)
    /// A row stands at an index that no entry can have.
    case strayRow(Int64)
    /// The text is not that of an entry.
    case unreadable(entry: UInt64, reason: String)
    /// The text says another index.
    case wrongIndex(entry: UInt64, text: UInt64)
    /// The column says another kind than the text.
    case wrongKind(entry: UInt64, column: String, text: EntryKind)
    /// The column says another time than the text.
    case wrongTime(entry: UInt64, column: String, text: UnixTime)
    /// The text is older than that of the entry before.
    case timeBeforeLast(entry: UInt64, time: UnixTime, last: UnixTime)
    /// The stored leaf is not the hash of the text.
    case wrongLeaf(entry: UInt64)
    /// The stored node is not the hash of the entries below it.
    case wrongNode(MerkleNode)
    /// A node that is complete is not stored.
    case missingNode(MerkleNode)
    /// A node is stored at a place that is not complete.
    case strayNode(level: Int64, position: Int64)
    /// A content cannot be unpacked, or has another digest than its name.
    case wrongContent(name: String, reason: String)
    /// A content is stored twice.
    case repeatedContent(SHA256Digest)
    /// A content cannot be found by its digest.
    case unfoundContent(SHA256Digest)
    /// What contents are found by leads to one that it does not belong to, or to none.
    case strayLookUp(StoredHandle, content: Int64)
    /// An entry needs a content that is not stored.
    case missingContent(entry: UInt64, SHA256Digest)
    /// What an entry records is wrong.
    case wrongRecord(entry: UInt64, reason: String)
    /// An entry cannot be found by what it must be found by.
    case missingHandle(LedgerHandle, entry: UInt64)
    /// A handle leads to an entry that is not to be found by it.
    case wrongHandle(StoredHandle, entry: UInt64)
    /// The handles of these entries are others; which, is not told.
    case wrongHandles(first: UInt64, last: UInt64)
    /// A handle leads to an entry that is not there.
    case strayHandle(StoredHandle, index: Int64)

    /// The entries at fault; nil where the fault belongs to none.
    public var entries: ClosedRange<UInt64>? {
        switch self {
        case .missing(let first, let last), .wrongHandles(let first, let last):
            first <= last ? first...last : nil
        case .unreadable(let entry, _), .wrongIndex(let entry, _), .wrongKind(let entry, _, _),
            .wrongTime(let entry, _, _), .timeBeforeLast(let entry, _, _), .wrongLeaf(let entry),
            .missingContent(let entry, _), .wrongRecord(let entry, _),
            .missingHandle(_, let entry), .wrongHandle(_, let entry):
            entry...entry
        case .wrongNode(let node), .missingNode(let node): node.entries
        case .database, .strayRow, .strayNode, .wrongContent, .repeatedContent, .unfoundContent,
            .strayLookUp, .strayHandle:
            nil
        }
    }

    /// What is wrong, without saying where.
    var reason: String {
        switch self {
        case .database(let reason): reason
        case .missing(let first, let last): first == last ? "it is missing" : "they are missing"
        case .strayRow: "no entry can have this index"
        case .unreadable(_, let reason): reason
        case .wrongIndex(_, let text): "its text says index \(text)"
        case .wrongKind(_, let column, let text):
            "its column says kind \(quoted(column)), its text \(quoted(text.rawValue))"
        case .wrongTime(_, let column, let text):
            "its column says time \(quoted(column)), its text \(quoted(text.text))"
        case .timeBeforeLast(_, let time, let last):
            "its time \(time) is before \(last), that of the entry before"
        case .wrongLeaf: "its text does not have the hash that is stored with it"
        case .wrongNode: "it is not the hash of the entries below it"
        case .missingNode: "it is missing"
        case .strayNode: "the ledger has no such node"
        case .wrongContent(_, let reason): reason
        case .repeatedContent: "it is there twice"
        case .unfoundContent: "it cannot be found by its digest"
        case .strayLookUp(_, let row): "it leads to row \(row), which does not hold it"
        case .missingContent(_, let digest): "its content \(digest.hex) is missing"
        case .wrongRecord(_, let reason): reason
        case .missingHandle(_, let entry): "it does not lead to entry \(entry)"
        case .wrongHandle(_, let entry): "it leads to entry \(entry), which does not have it"
        case .wrongHandles: "their handles are not theirs"
        case .strayHandle(_, let index): "it leads to entry \(index), which is not there"
        }
    }

    /// What is wrong with a content that is another.
    static let otherDigest = "its bytes have another digest"

    /// The first of the faults of a text, and how many more there are.
    static func summary(_ violations: Violations) -> String {
        let first = violations.all.first?.description ?? "it is not readable"
        return violations.all.count < 2
            ? first : "\(first), and \(violations.all.count - 1) more"
    }
}

extension LedgerFault: CustomStringConvertible {
    /// The fault as one line: where, and what is wrong there.
    public var description: String {
        switch self {
        case .database: "database: \(reason)"
        case .missing(let first, let last) where first != last,
            .wrongHandles(let first, let last):
            "entries \(first) to \(last): \(reason)"
        case .strayRow(let index): "row \(index): \(reason)"
        case .wrongNode(let node), .missingNode(let node):
            "node \(node)\(node.entries.map { ", entries \($0.lowerBound) to \($0.upperBound)" } ?? ""):"
                + " \(reason)"
        case .strayNode(let level, let position): "node \(level)/\(position): \(reason)"
        case .wrongContent(let name, _): "content \(name): \(reason)"
        case .repeatedContent(let digest), .unfoundContent(let digest):
            "content \(digest.hex): \(reason)"
        case .strayLookUp(let handle, _): "look-up of \(handle): \(reason)"
        case .missingHandle(let handle, _): "handle \(handle): \(reason)"
        case .strayHandle(let handle, _), .wrongHandle(let handle, _):
            "handle \(handle): \(reason)"
        default: "\(entries.map { "entry \($0.lowerBound)" } ?? "ledger"): \(reason)"
        }
    }
}

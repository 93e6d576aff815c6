// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto

/// One entry of the ledger: a text that begins with its place, its time and its kind.
///
/// ```
/// conclave-entry: v1
/// index: 12
/// time: 2026-11-22T15:30:00Z
/// kind: batch
///
/// manifest: 9b7c…
/// ```
///
/// What stands after the first empty line is its maker's. An entry is canonical: no other bytes have
/// the same meaning, so that the bytes, their digest and their leaf in the tree stand for one another.
public struct LedgerEntry: Hashable, Sendable {
    /// The kind of text: the first line is `conclave-entry: v1`.
    public static let documentKind = "entry"
    /// How large an entry may be: 4 MiB, and a line for each 16 bytes of it at most.
    public static let limits = DocumentLimits(
        maximumBytes: 4 * 1_024 * 1_024, maximumLines: 262_144, maximumValueBytes: 65_536)
    /// The fields whose values people write, and which may therefore be UTF-8.
    public static let utf8Fields: Set<String> = [
        "requester", "purpose", "officer", "witness", "operator", "reason", "message",
    ]

    /// The bytes of the text.
    public let bytes: [UInt8]
    /// The place in the ledger, counted from 0.
    public let index: UInt64
    /// When the entry was made, by the clock of the machine that made it.
    public let time: UnixTime
    /// What the entry records.
    public let kind: EntryKind
    /// The maker's blocks: all but the first, which holds index, time and kind.
    public let blocks: [Block]

    /// Reads the text of an entry.
    ///
    /// - Throws: `Violations` with every fault of the text: of its grammar, or of its first block.
    public init(parsing bytes: [UInt8]) throws(Violations) {
        let document = try Document(
            parsing: bytes, kind: Self.documentKind, limits: Self.limits,
            utf8Fields: Self.utf8Fields)
        var reader = BlockReader(document.header)
        let index = reader.value(
            reader.required("index"), expected: "a decimal number below 2^64", parseDecimal)
        let time = reader.value(
            reader.required("time"), expected: "a time like 2026-11-22T15:30:00Z",
            UnixTime.init(text:))
        let kind = reader.value(
            reader.required("kind"), expected: "a kind of entry", EntryKind.init(rawValue:))
        let faults = reader.finish()
        guard faults.isEmpty, let index, let time, let kind else { throw Violations(faults) }
        // The grammar leaves one freedom to a text whose fields are all good: their order.
        guard reader.isInOrder else {
            let order = document.header.fields.map(\.name)
            throw Violations(
                Violation(
                    .entryHeader, line: document.header.line,
                    "the first fields are \(order.joined(separator: ", ")), not index, time, kind"))
        }
        self.bytes = bytes
        self.index = index
        self.time = time
        self.kind = kind
        blocks = Array(document.sections)
    }

    /// The entry's leaf in the tree, RFC 6962 section 2.1: SHA-256 of a zero byte and the text.
    public var leafHash: SHA256Digest { MerkleTree.leafHash(of: bytes) }

    /// The SHA-256 of the text.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// Whether the two are the same text.
    public static func == (left: Self, right: Self) -> Bool {
        left.bytes == right.bytes
    }

    /// Feeds the text to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}

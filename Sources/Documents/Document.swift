// SPDX-License-Identifier: Apache-2.0

/// A text in the one strict grammar of all Conclave texts.
///
/// The first line is `conclave-KIND: v1`. Then come fields, `name: value`, one a line, each line ended
/// by LF, with exactly one space after the colon; exactly one empty line stands between two blocks of
/// fields, and none at the start or the end. A name is `[a-z][a-z0-9-]*` of at most 32 bytes. A value
/// has at least one byte, begins and ends with no space, and is printable ASCII; the fields that the
/// caller names may be UTF-8, without characters that cannot be seen or that turn the direction of
/// writing.
public struct Document: Sendable {
    /// The longest name of a field, in bytes.
    public static let maximumNameBytes = 32
    /// The most faults that are told of one text; the rest is counted.
    public static let maximumViolations = 1_000

    /// The kind: `request` for `conclave-request: v1`.
    public let kind: String
    /// The bytes of the text, as they were read.
    public let bytes: [UInt8]
    /// The blocks, at least one; the first holds the fields below the heading and may be empty.
    public let blocks: [Block]

    /// Reads a text of the given kind.
    ///
    /// - Throws: `Violations` with every fault of the text. One that is too large is not looked into.
    public init(
        parsing bytes: [UInt8], kind: String, limits: DocumentLimits = .standard,
        utf8Fields: Set<String> = []
    ) throws(Violations) {
        guard bytes.count <= limits.maximumBytes else {
            throw Violations(
                Violation(
                    .documentSize,
                    "\(bytes.count) bytes exceed the limit of \(limits.maximumBytes)"))
        }
        self.kind = kind
        self.bytes = bytes
        if let blocks = PlainText.blocks(
            of: bytes, kind: kind, limits: limits)
        {
            self.blocks = blocks
            return
        }
        let lines = bytes.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        guard lines <= limits.maximumLines else {
            throw Violations(
                Violation(
                    .documentLines, "\(lines) lines exceed the limit of \(limits.maximumLines)"))
        }
        var parser = DocumentParser(kind: kind, limits: limits, utf8Fields: utf8Fields)
        blocks = try parser.parse(bytes)
    }

    /// The fields below the heading.
    public var header: Block { blocks.first ?? Block(fields: [], line: 1) }

    /// The blocks after the first.
    public var sections: ArraySlice<Block> { blocks.dropFirst() }

    /// The kind that the first line claims, of whatever version; nil if it claims none.
    public static func kind(of bytes: [UInt8]) -> String? {
        let longest = maximumNameBytes + 16
        guard let end = bytes.prefix(longest).firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return nil
        }
        let line = String(decoding: bytes[..<end], as: UTF8.self)
        let parts = line.split(separator: ": ", omittingEmptySubsequences: false)
        guard let name = parts.first, let version = parts.last, parts.count == 2,
            name.hasPrefix(headingPrefix), version.first == "v",
            parseDecimal(String(version.dropFirst())) != nil,
            FieldName.isValid(name.utf8)
        else { return nil }
        let kind = name.dropFirst(headingPrefix.count)
        return kind.isEmpty ? nil : String(kind)
    }

    /// What every heading begins with.
    static let headingPrefix = "conclave-"

    /// What every heading ends with.
    static let headingSuffix = ": v1"

    /// The first line of a text of this kind.
    static func heading(_ kind: String) -> String { "\(headingPrefix)\(kind)\(headingSuffix)" }
}

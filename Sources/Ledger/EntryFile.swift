// SPDX-License-Identifier: Apache-2.0
public import Documents

/// A file of entries in a bundle: `audit/entries/00000200-00000255.txt`, named by the first and the last.
///
/// It holds the texts of entries that follow one another, one behind the other. A file ends where a
/// tile of the tree's lowest level does, with the entry before a multiple of 256, and else with the
/// bundle's last; so the files of bundles and of an export that are full are the same.
///
/// Format: `Docs/Formats/Bundle.md`.
public struct EntryFile: Hashable, Sendable {
    /// The folder of these files in a bundle, with its slash.
    public static let directory = "audit/entries/"
    /// The line with which every entry begins, and which none has in another place.
    public static let heading = Array("conclave-\(LedgerEntry.documentKind): v1\n".utf8)
    /// The most bytes of a file: those of 256 entries.
    public static let maximumBytes = LogTile.fullWidth * LedgerEntry.limits.maximumBytes

    private static let ending = ".txt"
    private static let digits = 8

    /// The place of the first entry in the ledger.
    public let first: UInt64
    /// The place of the last entry: not before the first, and below the same tile.
    public let last: UInt64

    /// The file of these entries, or nil where no file holds them.
    public init?(first: UInt64, last: UInt64) {
        guard first <= last, first >> UInt64(LogTile.height) == last >> UInt64(LogTile.height)
        else { return nil }
        self.first = first
        self.last = last
    }

    /// The file of this path in a bundle, or nil where no file of entries has it.
    public init?(path: String) {
        guard path.hasPrefix(Self.directory), path.hasSuffix(Self.ending) else { return nil }
        let name = path.dropFirst(Self.directory.count).dropLast(Self.ending.count)
        let numbers = name.split(separator: "-", omittingEmptySubsequences: false)
            .compactMap { UInt64($0) }
        guard numbers.count == 2, let file = EntryFile(first: numbers[0], last: numbers[1]),
            file.path.utf8.elementsEqual(path.utf8)
        else { return nil }
        self = file
    }

    /// The files that together hold these entries, in order.
    public static func covering(_ entries: ClosedRange<UInt64>) -> [EntryFile] {
        var files: [EntryFile] = []
        var first = entries.lowerBound
        while true {
            let last = min(first | UInt64(LogTile.fullWidth - 1), entries.upperBound)
            if let file = EntryFile(first: first, last: last) { files.append(file) }
            guard last < entries.upperBound else { return files }
            first = last + 1
        }
    }

    /// The number of entries, 1 to 256.
    public var count: Int { Int(last - first) + 1 }

    /// The path in a bundle.
    public var path: String { Self.directory + name }

    /// The name: both numbers with eight digits or more.
    public var name: String { "\(Self.padded(first))-\(Self.padded(last))\(Self.ending)" }

    /// Reads the entries of the file, each of which must have its place.
    ///
    /// - Throws: `Violations` with the faults of the first entry that is not as it should be.
    public func entries(in bytes: [UInt8]) throws(Violations) -> [LedgerEntry] {
        let texts = Self.split(bytes)
        guard texts.count == count else {
            throw Violations(
                Violation(
                    .entryFile, "\(name) holds \(texts.count) of \(count) entries"))
        }
        var entries: [LedgerEntry] = []
        entries.reserveCapacity(count)
        for (index, text) in zip(first...last, texts) {
            let entry = try LedgerEntry(parsing: Array(text))
            guard entry.index == index else {
                throw Violations(
                    Violation(
                        .entryFile,
                        "\(name) holds entry \(entry.index) in the place of entry \(index)"))
            }
            entries.append(entry)
        }
        return entries
    }

    /// The texts of a file, whether or not they are entries: each begins with the heading of one.
    public static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var texts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex
            if place > start, bytes[place..<end].elementsEqual(heading) {
                texts.append(bytes[start..<place])
                start = place
            }
            place = end
        }
        if start < bytes.endIndex { texts.append(bytes[start...]) }
        return texts
    }

    private static func padded(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

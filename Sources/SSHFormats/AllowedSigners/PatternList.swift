// SPDX-License-Identifier: Apache-2.0

/// Patterns between commas, ssh_config(5), PATTERNS: `*` stands for any bytes, `?` for any one byte,
/// a leading `!` excludes what the pattern matches.
///
/// Bytes decide: upper and lower case differ, and `?` is one byte of a longer character.
public struct PatternList: Hashable, Sendable, CustomStringConvertible {
    /// One pattern of the list.
    public struct Pattern: Sendable {
        /// Whether what matches is excluded.
        public let isNegated: Bool
        /// The pattern, without the `!`.
        public let text: String

        /// Whether a text is one that the pattern describes; says nothing of `isNegated`.
        public func matches(_ name: String) -> Bool {
            PatternList.glob(Array(text.utf8), Array(name.utf8))
        }
    }

    /// The patterns in the order in which they stand.
    public let patterns: [Pattern]

    /// Reads a list: at least one pattern, none of them empty or longer than 1,022 bytes, UTF-8
    /// without control characters.
    ///
    /// - Throws: ``FormatError`` of `field`; offsets are those of the larger input.
    public init(_ field: String, _ bytes: ArraySlice<UInt8>) throws(FormatError) {
        var patterns: [Pattern] = []
        for part in bytes.split(separator: 0x2C, omittingEmptySubsequences: false) {
            let isNegated = part.first == UInt8(ascii: "!")
            let body = isNegated ? part.dropFirst() : part
            guard !body.isEmpty else {
                throw FormatError(field, at: part.startIndex, .invalid("a pattern is empty"))
            }
            guard body.count <= Self.maximumPatternLength else {
                throw FormatError(
                    field, at: body.startIndex,
                    .tooLong(length: body.count, limit: Self.maximumPatternLength))
            }
            if let index = body.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
                throw FormatError(
                    field, at: index,
                    .invalid("control character \(PrintableText.hex(body[index]))"))
            }
            guard let text = String(validating: body, as: UTF8.self) else {
                throw FormatError(field, at: body.startIndex, .invalid("text is not UTF-8"))
            }
            patterns.append(Pattern(isNegated: isNegated, text: text))
        }
        self.patterns = patterns
    }

    /// Whether a name is on the list: a pattern matches it, and no negated one does.
    ///
    /// A list of negated patterns alone has no name on it.
    public func matches(_ name: String) -> Bool {
        var isListed = false
        for pattern in patterns where pattern.matches(name) {
            if pattern.isNegated { return false }
            isListed = true
        }
        return isListed
    }

    /// The list as a file holds it.
    public var description: String {
        patterns.map { ($0.isNegated ? "!" : "") + $0.text }.joined(separator: ",")
    }

    /// Whether `name` is of the form `pattern`; takes time of at most their lengths multiplied.
    private static func glob(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var inPattern = 0
        var inName = 0
        // After the last `*` seen, and how much of the name it was last tried to cover.
        var retry: (pattern: Int, name: Int)?
        while inName < name.count {
            let expected = inPattern < pattern.count ? pattern[inPattern] : nil
            if expected == UInt8(ascii: "*") {
                inPattern += 1
                retry = (inPattern, inName)
            } else if expected == UInt8(ascii: "?") || expected == name[inName] {
                inPattern += 1
                inName += 1
            } else if let last = retry {
                inPattern = last.pattern
                inName = last.name + 1
                retry = (last.pattern, inName)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The longest pattern that OpenSSH compares, in bytes; with a longer one it takes no name.
    public static let maximumPatternLength = 1022

    /// Two lists are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    /// Hashes the list's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(Array(description.utf8)) }
}

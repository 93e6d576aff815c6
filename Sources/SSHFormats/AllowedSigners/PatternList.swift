// SPDX-License-Identifier: Apache-2.0

/// Patterns between commas, ssh_config(5), PATTERNS: `*` stands for any bytes, `?` for any one byte,
/// a leading `!` excludes what the pattern matches.
///
/// Bytes decide: upper and lower case differ, and `?` is one byte of a longer character.
public struct PatternList: Hashable, Sendable, CustomStringConvertible {
    /// The list as a file holds it.
    public let description: String

    /// Reads a list: at least one pattern, none of them empty or longer than 1,022 bytes, UTF-8
    /// without control characters.
    ///
    /// - Throws: ``FormatError`` of `field`; offsets are those of the larger input.
    public init(_ field: String, _ bytes: ArraySlice<UInt8>) throws(FormatError) {
        var rest = bytes
        repeat {
            let start = rest.startIndex
            let pattern = Self.takePattern(from: &rest).text
            guard !pattern.isEmpty else {
                throw FormatError(field, at: start, .invalid("a pattern is empty"))
            }
            guard pattern.count <= Self.maximumPatternLength else {
                throw FormatError(
                    field, at: pattern.startIndex,
                    .tooLong(length: pattern.count, limit: Self.maximumPatternLength))
            }
            if rest.startIndex > pattern.endIndex, rest.isEmpty {
                throw FormatError(field, at: rest.startIndex, .invalid("a pattern is empty"))
            }
        } while !rest.isEmpty
        if let index = bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw FormatError(
                field, at: index, .invalid("control character \(PrintableText.hex(bytes[index]))"))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError(field, at: bytes.startIndex, .invalid("text is not UTF-8"))
        }
        description = text
    }

    /// The patterns in the order in which they stand, each with its `!`.
    public var patterns: [String] {
        // By bytes: a character that combines would take the comma before it into its own.
        description.utf8.split(separator: 0x2C).map { String(Substring($0)) }
    }

    /// Whether a name is on the list: a pattern matches it, and no negated one does.
    ///
    /// A list of negated patterns alone has no name on it.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var rest = Array(description.utf8)[...]
        var isListed = false
        while !rest.isEmpty {
            let (isNegated, pattern) = Self.takePattern(from: &rest)
            guard Self.glob(pattern, name) else { continue }
            if isNegated { return false }
            isListed = true
        }
        return isListed
    }

    /// Takes the first pattern, and the comma behind it.
    private static func takePattern(
        from rest: inout ArraySlice<UInt8>
    ) -> (isNegated: Bool, text: ArraySlice<UInt8>) {
        let part = rest.prefix { $0 != UInt8(ascii: ",") }
        rest = rest[part.endIndex...].dropFirst()
        let isNegated = part.first == UInt8(ascii: "!")
        return (isNegated, isNegated ? part.dropFirst() : part)
    }

    /// Whether `name` is of the form `pattern`; takes time of at most their lengths multiplied.
    private static func glob(_ pattern: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
        var inPattern = pattern.startIndex
        var inName = 0
        // After the last `*` seen, and how much of the name it was last tried to cover.
        var retry: (pattern: Int, name: Int)?
        while inName < name.count {
            let expected = inPattern < pattern.endIndex ? pattern[inPattern] : nil
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

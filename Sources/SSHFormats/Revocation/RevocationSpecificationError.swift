// SPDX-License-Identifier: Apache-2.0

/// A line of a specification that cannot be carried out: file, line, what is wrong, and which rule.
public struct RevocationSpecificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The rules of the lines, by the IDs under which `Docs/Security/Rules.md` has them.
    public enum Rule: String, CaseIterable, Hashable, Sendable {
        /// A line is one that is known, of at most 1 MiB, without NUL bytes.
        case line = "KRL-LINE"
        /// A serial is 1 to 2^64-1, and a range ascends.
        case serial = "KRL-SERIAL"
        /// Serials and key IDs are those of an authority.
        case authority = "KRL-AUTHORITY"
        /// A key or certificate can be read, and its authority signed it.
        case key = "KRL-KEY"
        /// A hash is `SHA256:` and the Base64 of 32 bytes.
        case hash = "KRL-HASH"
    }

    /// The file's name, as it was given.
    public let file: String
    /// The line's number; the first is 1.
    public let line: Int
    /// The rule that the line breaks.
    public let rule: Rule
    /// What is wrong.
    public let reason: String

    /// The fault as one line: `"spec":3: serial 0 stands for none (KRL-SERIAL)`.
    public var description: String {
        "\(PrintableText.quoted(file)):\(line): \(reason) (\(rule.rawValue))"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What is wrong with SSH bytes or text, in which field, and at which byte.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of fault that a reader reports.
    public enum Problem: Equatable, Sendable {
        /// The input ends before the field does; `needed` bytes were asked for, `available` were left.
        case truncated(needed: Int, available: Int)
        /// The field is longer than its limit, in bytes.
        case tooLong(length: Int, limit: Int)
        /// The field ends, and `count` bytes are left over.
        case trailing(count: Int)
        /// The bytes are not what the field's definition allows; the text says why.
        case invalid(String)
        /// The name is not one that this implementation knows.
        case unknown(String)
    }

    /// The field's name, spelled as the draft spells it.
    public let field: String
    /// The byte at which the fault lies, counted from the start of the outermost input.
    public let offset: Int
    /// What is wrong.
    public let problem: Problem

    /// Makes an error for `field` at `offset`.
    public init(_ field: String, at offset: Int, _ problem: Problem) {
        self.field = field
        self.offset = offset
        self.problem = problem
    }

    /// The fault as one line: field, offset, what is wrong.
    public var description: String {
        let what =
            switch problem {
            case .truncated(let needed, let available):
                "needs \(needed) bytes, \(available) are left"
            case .tooLong(let length, let limit): "\(length) bytes exceed the limit of \(limit)"
            case .trailing(let count): "\(count) bytes are left over"
            case .invalid(let reason): reason
            case .unknown(let name): "\(PrintableText.quoted(name)) is not known"
            }
        return "\(field) at byte \(offset): \(what)"
    }
}

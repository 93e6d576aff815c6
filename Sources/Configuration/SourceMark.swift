// SPDX-License-Identifier: Apache-2.0

/// A place in a YAML file: what an administrator looks for when a rule refuses what he wrote.
public struct SourceMark: Hashable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// The column in characters, counted from 1.
    public let column: Int
    /// The keys that lead there, `profiles[0].validity.maximum`; empty for the file as a whole.
    public let path: String

    /// Names a place.
    public init(line: Int, column: Int, path: String) {
        self.line = line
        self.column = column
        self.path = path
    }
}

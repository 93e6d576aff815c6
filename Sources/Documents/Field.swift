// SPDX-License-Identifier: Apache-2.0

/// One line of a text: `name: value`.
public struct Field: Hashable, Sendable {
    /// The name, `[a-z][a-z0-9-]*`.
    public let name: String
    /// The value, not empty.
    public let value: String
    /// The line it stands on, counted from 1.
    public let line: Int

    /// Makes a field.
    public init(name: String, value: String, line: Int) {
        self.name = name
        self.value = value
        self.line = line
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A pattern for host names, in which `*` stands for one whole label.
public struct HostPattern: Hashable, Sendable {
    /// The pattern as written.
    public let text: String

    /// Reads a pattern: labels of `a-z 0-9 -` separated by dots, `*` standing for a whole label,
    /// with at least two literal labels so that it cannot match half the world.
    public init?(text: String) {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let literal = labels.filter { $0 != "*" }
        guard labels.count > literal.count, literal.count >= 2 else { return nil }
        guard literal.allSatisfy(Self.isLabel) else { return nil }
        self.text = text
    }

    /// Whether the pattern stands for `name`.
    public func matches(_ name: String) -> Bool {
        let wanted = text.split(separator: ".", omittingEmptySubsequences: false)
        let given = name.split(separator: ".", omittingEmptySubsequences: false)
        guard wanted.count == given.count else { return false }
        return zip(wanted, given).allSatisfy { $0 == "*" ? Self.isLabel($1) : $0 == $1 }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        !label.isEmpty
            && label.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }
}

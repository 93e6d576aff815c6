// SPDX-License-Identifier: Apache-2.0

/// All breaches found in one input, at least one.
public struct Violations: Error, Hashable, Sendable, CustomStringConvertible {
    /// The breaches, in the order in which they were found or, for a text, of its lines.
    public let all: [Violation]

    /// Gathers `all`, which holds at least one.
    public init(_ all: [Violation]) {
        self.all = all
    }

    /// A single breach.
    public init(_ violation: Violation) {
        all = [violation]
    }

    /// Throws when `all` holds something.
    ///
    /// - Throws: `Violations` with `all`, in the same order.
    public static func raise(_ all: [Violation]) throws(Violations) {
        if !all.isEmpty { throw Violations(all) }
    }

    /// The breaches, one a line.
    public var description: String {
        all.map(\.description).joined(separator: "\n")
    }
}

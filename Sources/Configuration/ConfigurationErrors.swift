// SPDX-License-Identifier: Apache-2.0

/// All mistakes in one configuration file, at least one.
public struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mistakes, in the order of the file.
    public let all: [ConfigurationError]

    /// Gathers mistakes and puts them into the order of the file.
    init(_ errors: [ConfigurationError]) {
        let sorted = errors.enumerated().sorted { left, right in
            let first = (left.element.mark?.line ?? 0, left.element.mark?.column ?? 0, left.offset)
            let second = (
                right.element.mark?.line ?? 0, right.element.mark?.column ?? 0, right.offset
            )
            return first < second
        }
        all = sorted.map(\.element)
    }

    /// The mistakes, one a line.
    public var description: String {
        all.map(\.description).joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Gathers the breaches of one input: so many that people can read them, and no more.
///
/// A text of n bytes may have as many faults as lines, and each takes more memory than its line.
/// What exceeds ``Document/maximumViolations`` is counted.
public struct ViolationList: Sendable {
    private var told: [Violation] = []
    private var untold = 0

    /// Begins with nothing gathered.
    public init() {}

    /// Whether nothing was gathered.
    public var isEmpty: Bool { told.isEmpty }

    /// Adds a breach.
    public mutating func append(_ violation: Violation) {
        if told.count < Document.maximumViolations {
            told.append(violation)
        } else {
            untold += 1
        }
    }

    /// Adds breaches, in their order.
    public mutating func append(contentsOf violations: some Sequence<Violation>) {
        for violation in violations { append(violation) }
    }

    /// The breaches in the order in which they came; where some were only counted, a last one says
    /// how many.
    public var all: [Violation] {
        guard untold > 0 else { return told }
        return told + [Violation(.documentLine, "\(untold) more faults are not listed")]
    }

    /// The breaches by line, those of one line in the order in which they came.
    var sortedByLine: [Violation] {
        guard told.count > 1 || untold > 0 else { return told }
        let sorted = told.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        return sorted.map(\.element) + all.dropFirst(told.count)
    }
}

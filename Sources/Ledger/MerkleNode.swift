// SPDX-License-Identifier: Apache-2.0

/// The place of a complete subtree: one over 2^level entries, the first of them at position × 2^level.
///
/// The hash of a complete subtree never changes again, however the ledger grows.
public struct MerkleNode: Hashable, Sendable, CustomStringConvertible {
    /// The height above the leaves, which have level 0; at most 63.
    public let level: Int
    /// The place among the nodes of its level, counted from 0.
    public let position: UInt64

    /// Names the node at this place.
    public init(level: Int, position: UInt64) {
        self.level = level
        self.position = position
    }

    /// Whether the node is complete in a ledger of `size` entries; a place that no node can have is not.
    public func isComplete(inSize size: UInt64) -> Bool {
        (0...63).contains(level) && position < size >> UInt64(level)
    }

    /// The entries below the node; nil for a place that no node can have.
    public var entries: ClosedRange<UInt64>? {
        guard (0...63).contains(level) else { return nil }
        let count: UInt64 = 1 << UInt64(level)
        let (first, overflow) = position.multipliedReportingOverflow(by: count)
        return overflow ? nil : first...(first + (count - 1))
    }

    /// The place as `level/position`.
    public var description: String { "\(level)/\(position)" }
}

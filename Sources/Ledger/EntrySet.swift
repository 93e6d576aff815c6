// SPDX-License-Identifier: Apache-2.0
import Documents

/// Places of entries in a ledger, neighbours joined to ranges.
///
/// What stands side by side in a ledger takes no more room than one entry does.
public struct EntrySet: Hashable, Sendable {
    /// The ranges, in ascending order, none of which touches the next.
    public private(set) var ranges: [ClosedRange<UInt64>] = []

    /// Holds no place.
    public init() {}

    /// Whether no place is in it.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of places.
    public var count: UInt64 {
        ranges.reduce(0) { $0 &+ ($1.upperBound - $1.lowerBound) &+ 1 }
    }

    /// The places, in ascending order.
    public var indices: some Sequence<UInt64> { ranges.lazy.flatMap { $0 } }

    /// Whether a place is in it.
    public func contains(_ index: UInt64) -> Bool {
        let place = firstRange(notBefore: index)
        return place < ranges.endIndex && ranges[place].contains(index)
    }

    /// Puts a place in, and says whether it was not there.
    @discardableResult
    public mutating func insert(_ index: UInt64) -> Bool {
        // Most come in ascending order.
        if let last = ranges.last, last.upperBound < index, index - last.upperBound == 1 {
            ranges[ranges.endIndex - 1] = last.lowerBound...index
            return true
        }
        let place = firstRange(notBefore: index)
        if place < ranges.endIndex, ranges[place].contains(index) { return false }
        let follows =
            place > 0 && ranges[place - 1].upperBound < index
            && index - ranges[place - 1].upperBound == 1
        let precedes =
            place < ranges.endIndex && index < ranges[place].lowerBound
            && ranges[place].lowerBound - index == 1
        let low = follows ? ranges[place - 1].lowerBound : index
        let high = precedes ? ranges[place].upperBound : index
        ranges.replaceSubrange(
            (follows ? place - 1 : place)..<(precedes ? place + 1 : place), with: [low...high])
        return true
    }

    /// Takes a place out; one that is not there changes nothing.
    public mutating func remove(_ index: UInt64) {
        let place = firstRange(notBefore: index)
        guard place < ranges.endIndex, ranges[place].contains(index) else { return }
        let range = ranges[place]
        var rest: [ClosedRange<UInt64>] = []
        if range.lowerBound < index { rest.append(range.lowerBound...(index - 1)) }
        if index < range.upperBound { rest.append((index + 1)...range.upperBound) }
        ranges.replaceSubrange(place..<(place + 1), with: rest)
    }

    /// The first range that ends at a place or behind it.
    private func firstRange(notBefore index: UInt64) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension EntrySet {
    /// A range as texts write it: `5`, or `5-8`.
    public static func text(of range: ClosedRange<UInt64>) -> String {
        let (low, high) = (range.lowerBound, range.upperBound)
        return low == high ? "\(low)" : "\(low)-\(high)"
    }

    /// Reads what ``text(of:)`` writes, and nothing else.
    public static func range(text: String) -> ClosedRange<UInt64>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { parseDecimal(String($0)) }
        guard (1...2).contains(ends.count), let first = ends.first, let low = first,
            let last = ends.last, let high = last, ends.count == 1 || low < high
        else { return nil }
        return low...high
    }

    /// Puts a range behind all others; nil where it does not stand there, or touches the last.
    public mutating func append(_ range: ClosedRange<UInt64>) -> Bool {
        if let last = ranges.last?.upperBound {
            guard last < range.lowerBound, range.lowerBound - last > 1 else { return false }
        }
        ranges.append(range)
        return true
    }
}

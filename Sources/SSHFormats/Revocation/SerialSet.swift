// SPDX-License-Identifier: Apache-2.0

/// A set of certificate serial numbers, small in memory whether it is sparse or dense.
///
/// Serials are kept by words of 64: those that are wholly in the set as ranges of words, the others
/// as a mask each, or as the serial itself where there is one only. A set has one such form only,
/// so that equal sets compare equal; a serial takes 8 bytes at most, and a bitmap of a revocation
/// list about twice its bytes, whatever its pattern.
public struct SerialSet: Hashable, Sendable {
    /// The words that are wholly in the set, by number: ascending, none touching the next.
    let full: [ClosedRange<UInt64>]
    /// The words of which two serials or more, but not all, are in the set: ascending.
    let partial: [Word]
    /// The serials that are alone in their words: ascending.
    let single: [UInt64]

    /// Sixty-four neighbouring serials, of which some are in the set.
    struct Word: Hashable, Sendable {
        /// The quotient of the serials by 64.
        let number: UInt64
        /// Bit N stands for the serial with remainder N.
        var mask: UInt64
    }

    /// Makes the set of all serials in these ranges, which may overlap and come in any order.
    public init(_ ranges: some Sequence<ClosedRange<UInt64>>) {
        var builder = Builder()
        for range in ranges { builder.insert(range) }
        self = builder.finish()
    }

    /// Takes words that are in the set's one form.
    init(full: [ClosedRange<UInt64>], partial: [Word], single: [UInt64]) {
        self.full = full
        self.partial = partial
        self.single = single
    }

    /// Whether no serial is in the set.
    public var isEmpty: Bool { full.isEmpty && partial.isEmpty && single.isEmpty }

    /// The number of serials in the set; all of 64 bits are counted as one less.
    public var count: UInt64 {
        var count = UInt64(single.count)
        for word in partial { count += UInt64(word.mask.nonzeroBitCount) }
        for range in full {
            let words = range.upperBound - range.lowerBound + 1
            guard words < 1 << 58 else { return .max }
            count += words << 6
        }
        return count
    }

    /// Whether `serial` is in the set; takes logarithmic time.
    public func contains(_ serial: UInt64) -> Bool {
        if single.first(notBefore: { $0 < serial }) == serial { return true }
        let number = serial >> 6
        if let word = partial.first(notBefore: { $0.number < number }), word.number == number {
            return word.mask >> (serial & 63) & 1 == 1
        }
        return full.first(notBefore: { $0.upperBound < number }).map { $0.lowerBound <= number }
            ?? false
    }

    /// The serials as ranges: ascending, as long as they can be, none touching the next.
    public var ranges: Ranges { Ranges(self) }

    /// The ranges of the serials that are in this set and not in `other`, ascending.
    public func subtracting(_ other: SerialSet) -> Difference {
        Difference(ranges, minus: other.ranges)
    }
}

extension SerialSet: ExpressibleByArrayLiteral {
    /// Makes the set of all serials in these ranges.
    public init(arrayLiteral ranges: ClosedRange<UInt64>...) {
        self.init(ranges)
    }
}

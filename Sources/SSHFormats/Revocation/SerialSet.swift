// SPDX-License-Identifier: Apache-2.0

/// A set of certificate serial numbers, small in memory whether it is sparse or dense.
///
/// Serials are kept by words of 64: those that are wholly in the set as ranges of words, the others
/// as a mask each. A set has one such form only, so that equal sets compare equal; a bitmap of a
/// revocation list takes about twice its bytes here, whatever its pattern.
public struct SerialSet: Hashable, Sendable {
    /// The words that are wholly in the set, by number: ascending, none touching the next.
    private let full: [ClosedRange<UInt64>]
    /// The words that are partly in the set: ascending.
    private let partial: [Word]

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
    init(full: [ClosedRange<UInt64>], partial: [Word]) {
        self.full = full
        self.partial = partial
    }

    /// Whether no serial is in the set.
    public var isEmpty: Bool { full.isEmpty && partial.isEmpty }

    /// Whether `serial` is in the set; takes logarithmic time.
    public func contains(_ serial: UInt64) -> Bool {
        let number = serial >> 6
        if let word = partial.first(notBefore: { $0.number < number }), word.number == number {
            return word.mask >> (serial & 63) & 1 == 1
        }
        return full.first(notBefore: { $0.upperBound < number }).map { $0.lowerBound <= number }
            ?? false
    }

    /// The serials as ranges: ascending, as long as they can be, none touching the next.
    public var ranges: Ranges { Ranges(full: full[...], partial: partial[...]) }
}

extension SerialSet: ExpressibleByArrayLiteral {
    /// Makes the set of all serials in these ranges.
    public init(arrayLiteral ranges: ClosedRange<UInt64>...) {
        self.init(ranges)
    }
}

extension SerialSet {
    /// The ranges of a set, made one after the other as they are asked for.
    public struct Ranges: Sequence, IteratorProtocol, Sendable {
        private var full: ArraySlice<ClosedRange<UInt64>>
        private var partial: ArraySlice<Word>
        /// What is left of the word that is being walked.
        private var word = Word(number: 0, mask: 0)
        /// The range that may yet grow by the next piece.
        private var held: ClosedRange<UInt64>?

        init(full: ArraySlice<ClosedRange<UInt64>>, partial: ArraySlice<Word>) {
            self.full = full
            self.partial = partial
        }

        /// The next range, or nil after the last.
        public mutating func next() -> ClosedRange<UInt64>? {
            while let piece = nextPiece() {
                guard let range = held else {
                    held = piece
                    continue
                }
                guard range.upperBound == piece.lowerBound &- 1 else {
                    held = piece
                    return range
                }
                held = range.lowerBound...piece.upperBound
            }
            defer { held = nil }
            return held
        }

        /// The next range within one word, or of full words.
        private mutating func nextPiece() -> ClosedRange<UInt64>? {
            if word.mask == 0 {
                if let range = full.first, range.lowerBound < partial.first?.number ?? .max {
                    full.removeFirst()
                    return range.lowerBound << 6...(range.upperBound << 6 | 63)
                }
                guard let next = partial.popFirst() else { return nil }
                word = next
            }
            let start = UInt64(word.mask.trailingZeroBitCount)
            let length = UInt64((~(word.mask >> start)).trailingZeroBitCount)
            word.mask &= ~0 << (start + length)
            let first = word.number << 6 | start
            return first...(first + (length - 1))
        }
    }
}

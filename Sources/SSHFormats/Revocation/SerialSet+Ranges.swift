// SPDX-License-Identifier: Apache-2.0

extension SerialSet {
    /// The ranges of a set, made one after the other as they are asked for.
    public struct Ranges: Sequence, IteratorProtocol, Sendable {
        private let set: SerialSet
        private var nextFull = 0
        private var nextPartial = 0
        private var nextSingle = 0
        /// What is left of the word that is being walked.
        private var word = Word(number: 0, mask: 0)
        /// The range that may yet grow by the next piece.
        private var held: ClosedRange<UInt64>?

        init(_ set: SerialSet) {
            self.set = set
            held = nextPiece()
        }

        /// The next range, or nil after the last.
        public mutating func next() -> ClosedRange<UInt64>? {
            guard var range = held else { return nil }
            while let piece = nextPiece() {
                guard range.upperBound == piece.lowerBound &- 1 else {
                    held = piece
                    return range
                }
                range = range.lowerBound...piece.upperBound
            }
            held = nil
            return range
        }

        /// The next range within one word, or of full words.
        private mutating func nextPiece() -> ClosedRange<UInt64>? {
            if word.mask == 0 {
                // A number has 58 bits: the greatest value of 64 stands for none.
                let full = nextFull < set.full.count ? set.full[nextFull].lowerBound : .max
                let partial =
                    nextPartial < set.partial.count ? set.partial[nextPartial].number : .max
                let single = nextSingle < set.single.count ? set.single[nextSingle] >> 6 : .max
                if single < full, single < partial {
                    defer { nextSingle += 1 }
                    return set.single[nextSingle]...set.single[nextSingle]
                }
                if full < partial {
                    defer { nextFull += 1 }
                    let range = set.full[nextFull]
                    return range.lowerBound << 6...(range.upperBound << 6 | 63)
                }
                guard nextPartial < set.partial.count else { return nil }
                word = set.partial[nextPartial]
                nextPartial += 1
            }
            let start = UInt64(word.mask.trailingZeroBitCount)
            let length = UInt64((~(word.mask >> start)).trailingZeroBitCount)
            word.mask &= ~0 << (start + length)
            let first = word.number << 6 | start
            return first...(first + (length - 1))
        }
    }

    /// The ranges of one set without what is in another, made as they are asked for.
    public struct Difference: Sequence, IteratorProtocol, Sendable {
        private var own: Ranges
        private var others: Ranges
        /// What is left of the range that is being cut.
        private var rest: ClosedRange<UInt64>?
        /// The range of the other set that may yet cut something off.
        private var other: ClosedRange<UInt64>?

        init(_ own: Ranges, minus others: Ranges) {
            self.own = own
            self.others = others
            other = self.others.next()
        }

        /// The next range, or nil after the last.
        public mutating func next() -> ClosedRange<UInt64>? {
            while let range = rest ?? own.next() {
                rest = nil
                while let cut = other, cut.upperBound < range.lowerBound { other = others.next() }
                guard let cut = other, cut.lowerBound <= range.upperBound else { return range }
                if cut.upperBound < range.upperBound {
                    rest = cut.upperBound + 1...range.upperBound
                }
                if cut.lowerBound > range.lowerBound {
                    return range.lowerBound...cut.lowerBound - 1
                }
            }
            return nil
        }
    }
}

extension SerialSet {
    /// Thirty-two digits, as it were, by which sets are told apart without having both at hand.
    ///
    /// It is the sum over all ranges of what their two ends are mixed to, and a serial's upper end
    /// is the next one's lower: the same set gives the same mark however its ranges are cut, as long
    /// as they don't overlap. Two sets have the same mark by accident in one of 2^128 cases; someone
    /// who looks for such sets finds them, so that it serves against faults and not against people.
    public struct Mark: Hashable, Sendable {
        private var sum: UInt64 = 0
        private var otherSum: UInt64 = 0

        /// The mark of the empty set.
        public init() {}

        /// The mark of a set.
        public init(_ set: SerialSet) {
            for range in set.ranges { add(range) }
        }

        /// Adds a range that overlaps nothing which was added before.
        public mutating func add(_ range: ClosedRange<UInt64>) {
            let end = range.upperBound &+ 1
            sum &+= Self.mix(end) &- Self.mix(range.lowerBound)
            otherSum &+= Self.mix(~end) &- Self.mix(~range.lowerBound)
        }

        /// Spreads a number's bits over all of the result's: the finish of SplitMix64.
        private static func mix(_ number: UInt64) -> UInt64 {
            var mixed = number &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}

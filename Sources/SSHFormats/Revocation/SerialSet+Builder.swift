// SPDX-License-Identifier: Apache-2.0

extension SerialSet {
    /// Collects serials in any order and makes the set of them.
    struct Builder {
        private var full: [ClosedRange<UInt64>] = []
        private var partial: [Word] = []
        private var single: [UInt64] = []
        /// The range that was added last: it may yet grow.
        private var held: ClosedRange<UInt64>?

        /// Adds the serials of `range`.
        mutating func insert(_ range: ClosedRange<UInt64>) {
            guard let last = held else {
                held = range
                return
            }
            if last.upperBound &+ 1 == range.lowerBound, range.lowerBound != 0 {
                held = last.lowerBound...range.upperBound
            } else {
                store(last)
                held = range
            }
        }

        private mutating func store(_ range: ClosedRange<UInt64>) {
            if range.lowerBound == range.upperBound { return single.append(range.lowerBound) }
            let first = range.lowerBound >> 6
            let last = range.upperBound >> 6
            let head: UInt64 = ~0 << (range.lowerBound & 63)
            let tail: UInt64 = ~0 >> (63 - range.upperBound & 63)
            guard first < last else { return insert(word: first, head & tail) }
            insert(word: first, head)
            if last - first > 1 { full.append((first + 1)...(last - 1)) }
            insert(word: last, tail)
        }

        /// Adds the serials `start + N` for each bit N of `mask`.
        ///
        /// The caller sees to it that none of them exceeds 64 bits.
        mutating func insert(_ mask: UInt64, from start: UInt64) {
            let shift = start & 63
            insert(word: start >> 6, mask << shift)
            // Both shifts of 64 and more give zero.
            insert(word: (start >> 6) &+ 1, mask >> (64 - shift))
        }

        private mutating func insert(word number: UInt64, _ mask: UInt64) {
            guard mask != 0 else { return }
            if let last = partial.indices.last, partial[last].number == number {
                partial[last].mask |= mask
            } else if mask & (mask - 1) == 0 {
                single.append(number << 6 | UInt64(mask.trailingZeroBitCount))
            } else {
                partial.append(Word(number: number, mask: mask))
            }
        }

        /// The set of all serials that were added; the builder is empty then.
        ///
        /// The set takes over the builder's memory.
        mutating func finish() -> SerialSet {
            defer { self = Builder() }
            if let held { store(held) }
            single.sortInPlace()
            gatherSingles()
            mergePartials()
            absorbSingles()
            mergeFull()
            return SerialSet(full: full, partial: partial, single: single)
        }

        /// Drops repetitions, and makes words of the singles that share one.
        private mutating func gatherSingles() {
            var kept = 0
            var index = 0
            while index < single.count {
                let serial = single[index]
                var mask: UInt64 = 1 << (serial & 63)
                index += 1
                while index < single.count, single[index] >> 6 == serial >> 6 {
                    mask |= 1 << (single[index] & 63)
                    index += 1
                }
                if mask & (mask - 1) == 0 {
                    single[kept] = serial
                    kept += 1
                } else {
                    partial.append(Word(number: serial >> 6, mask: mask))
                }
            }
            single.removeSubrange(kept...)
        }

        /// Brings the partial words into order, one for each number.
        private mutating func mergePartials() {
            Self.sort(&partial) { $0.number < $1.number }
            var kept = 0
            for index in partial.indices {
                let word = partial[index]
                if kept > 0, partial[kept - 1].number == word.number {
                    partial[kept - 1].mask |= word.mask
                } else {
                    partial[kept] = word
                    kept += 1
                }
            }
            partial.removeSubrange(kept...)
        }

        /// Moves the singles whose word is partly there into that word.
        private mutating func absorbSingles() {
            guard !partial.isEmpty, !single.isEmpty else { return }
            var kept = 0
            var place = 0
            for index in single.indices {
                let serial = single[index]
                while place < partial.count, partial[place].number < serial >> 6 { place += 1 }
                if place < partial.count, partial[place].number == serial >> 6 {
                    partial[place].mask |= 1 << (serial & 63)
                } else {
                    single[kept] = serial
                    kept += 1
                }
            }
            single.removeSubrange(kept...)
        }

        /// Makes ranges of the full words, and drops what they hold from the others.
        private mutating func mergeFull() {
            full += partial.lazy.filter { $0.mask == .max }.map { $0.number...$0.number }
            guard !full.isEmpty else { return }
            Self.sort(&full) { $0.lowerBound < $1.lowerBound }
            var kept = 0
            for index in full.indices {
                let range = full[index]
                // A word's number has 58 bits: one more never overflows.
                if kept > 0, range.lowerBound <= full[kept - 1].upperBound + 1 {
                    let upper = max(full[kept - 1].upperBound, range.upperBound)
                    full[kept - 1] = full[kept - 1].lowerBound...upper
                } else {
                    full[kept] = range
                    kept += 1
                }
            }
            full.removeSubrange(kept...)
            Self.drop(from: &partial, in: full) { $0.number }
            Self.drop(from: &single, in: full) { $0 >> 6 }
        }

        /// Drops the elements whose words are in the ranges; both ascend.
        private static func drop<Element>(
            from elements: inout [Element], in full: [ClosedRange<UInt64>],
            word: (Element) -> UInt64
        ) {
            var place = 0
            elements.removeAll { element in
                let number = word(element)
                while place < full.count, full[place].upperBound < number { place += 1 }
                return place < full.count && full[place].lowerBound <= number
            }
        }

        /// Sorts what isn't sorted already: lists mostly are.
        private static func sort<Element>(
            _ elements: inout [Element], by precedes: (Element, Element) -> Bool
        ) {
            let sorted = zip(elements, elements.dropFirst()).allSatisfy { !precedes($1, $0) }
            if !sorted { elements.sort(by: precedes) }
        }
    }
}

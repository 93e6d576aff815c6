// SPDX-License-Identifier: Apache-2.0

extension SerialSet {
    /// Collects serials in any order and makes the set of them.
    struct Builder {
        private var full: [ClosedRange<UInt64>] = []
        private var partial: [Word] = []

        /// Adds the serials of `range`.
        mutating func insert(_ range: ClosedRange<UInt64>) {
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
            } else {
                partial.append(Word(number: number, mask: mask))
            }
        }

        /// The set of all serials that were added.
        consuming func finish() -> SerialSet {
            merge()
            return SerialSet(full: full, partial: partial)
        }

        /// Brings the words into the set's one form.
        private mutating func merge() {
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
            full += partial.lazy.filter { $0.mask == .max }.map { $0.number...$0.number }

            Self.sort(&full) { $0.lowerBound < $1.lowerBound }
            kept = 0
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

            var ranges = full[...]
            partial.removeAll { word in
                while let range = ranges.first, range.upperBound < word.number {
                    ranges.removeFirst()
                }
                return ranges.first.map { $0.lowerBound <= word.number } ?? false
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

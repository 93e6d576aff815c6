// SPDX-License-Identifier: Apache-2.0

extension [UInt64] {
    /// Sorts the numbers in the place where they are: no second array, and no more than eight passes.
    ///
    /// They are put into order by their highest byte that differs, each part by the next byte, and
    /// small parts by insertion ("American flag sort"). What is in order already is only walked.
    mutating func sortInPlace() {
        var span = mutableSpan
        guard let differing = span.differingBits else { return }
        let highest = (63 - differing.leadingZeroBitCount) / 8 * 8
        span.sort(0..<span.count, byBitsFrom: UInt64(highest))
    }
}

extension MutableSpan<UInt64> {
    /// The bits in which the numbers differ, or nil where they ascend.
    fileprivate var differingBits: UInt64? {
        var bits: UInt64 = 0
        var ascends = true
        var last: UInt64 = 0
        for index in 0..<count {
            let number = self[index]
            if number < last { ascends = false }
            bits |= number ^ self[0]
            last = number
        }
        return ascends ? nil : bits
    }

    /// Sorts a part whose numbers agree in all bits above the byte at `shift`.
    fileprivate mutating func sort(_ part: Range<Int>, byBitsFrom shift: UInt64) {
        guard part.count > 48 else { return sortByInsertion(part) }
        var ends: [256 of Int] = .init(repeating: 0)
        for index in part { ends[Self.digit(self[index], shift)] += 1 }
        var places: [256 of Int] = .init(repeating: 0)
        var place = part.lowerBound
        for digit in 0..<256 {
            places[digit] = place
            place += ends[digit]
            ends[digit] = place
        }
        for digit in 0..<256 {
            while places[digit] < ends[digit] {
                var number = self[places[digit]]
                // Follows a chain of displaced numbers until one belongs here.
                while case let own = Self.digit(number, shift), own != digit {
                    swap(&number, &self[places[own]])
                    places[own] += 1
                }
                self[places[digit]] = number
                places[digit] += 1
            }
        }
        guard shift > 0 else { return }
        var start = part.lowerBound
        for digit in 0..<256 {
            let end = ends[digit]
            if end - start > 1 { sort(start..<end, byBitsFrom: shift - 8) }
            start = end
        }
    }

    private mutating func sortByInsertion(_ part: Range<Int>) {
        for index in part.dropFirst() {
            let number = self[index]
            var place = index
            while place > part.lowerBound, self[place - 1] > number {
                self[place] = self[place - 1]
                place -= 1
            }
            self[place] = number
        }
    }

    private static func digit(_ number: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: number >> shift & 255)
    }
}

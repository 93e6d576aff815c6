// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing

@Suite("Places of entries")
struct EntrySetTests {
    @Test("neighbours join, whatever the order in which they come")
    func joining() {
        var places = EntrySet()
        for index: UInt64 in [5, 3, 9, 4, 4, .max, 0, 10] { places.insert(index) }
        #expect(places.ranges == [0...0, 3...5, 9...10, .max ... .max])
        #expect(places.count == 7)
        #expect(Array(places.indices) == [0, 3, 4, 5, 9, 10, .max])
    }

    @Test("what is taken out of a range leaves the rest of it")
    func removing() {
        var places = EntrySet()
        for index: UInt64 in 2...8 { places.insert(index) }
        for index: UInt64 in [5, 2, 8, 1, 9, 5] { places.remove(index) }
        #expect(places.ranges == [3...4, 6...7])
        for index: UInt64 in [3, 4, 6, 7] {
            #expect(places.contains(index))
            places.remove(index)
            #expect(!places.contains(index))
        }
        #expect(places.isEmpty)
        #expect(places.count == 0)
    }

    @Test("it holds what a plain set holds")
    func likeASet() {
        var places = EntrySet()
        var plain: Set<UInt64> = []
        var state: UInt64 = 7
        for _ in 0..<2_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let index = state >> 40 % 64
            if state >> 33 & 1 == 0 {
                places.insert(index)
                plain.insert(index)
            } else {
                places.remove(index)
                plain.remove(index)
            }
        }
        #expect(Array(places.indices) == plain.sorted())
        #expect(
            zip(places.ranges, places.ranges.dropFirst()).allSatisfy {
                $0.upperBound + 1 < $1.lowerBound
            })
    }

    @Test("a range reads back, and nothing else does")
    func text() {
        #expect(EntrySet.text(of: 5...5) == "5")
        #expect(EntrySet.text(of: 0...18_446_744_073_709_551_615) == "0-18446744073709551615")
        #expect(EntrySet.range(text: "0-18446744073709551615") == 0...(.max))
        for wrong in ["", "5-5", "6-5", "05", "1-", "-1", "1-2-3", "1 -2", "18446744073709551616"] {
            #expect(EntrySet.range(text: wrong) == nil, "\(wrong)")
        }
    }

    @Test("a range is put behind the others, and not where it would touch the last")
    func appending() {
        var places = EntrySet()
        let results = [2...3, 5...5, 6...7, 4...9, 7...9].map { places.append($0) }
        #expect(results == [true, true, false, false, true])
        #expect(places.ranges == [2...3, 5...5, 7...9])
    }
}

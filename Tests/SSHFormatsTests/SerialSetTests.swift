// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite struct SerialSetTests {
    @Test("ranges come out merged and in order, however they went in")
    func merging() {
        let set: SerialSet = [70...130, 5...5, 131...131, 6...9, 60...69, 200...200, 8...12]
        #expect(Array(set.ranges) == [5...12, 60...131, 200...200])
        #expect(set == [60...131, 5...12, 200...200])
        #expect(set != [60...131, 5...12, 201...201])
        #expect(!set.isEmpty)
    }

    @Test("the empty set has no ranges")
    func empty() {
        let set: SerialSet = []
        #expect(set.isEmpty)
        #expect(Array(set.ranges) == [])
        #expect(!set.contains(0))
        #expect(!set.contains(.max))
    }

    @Test("the ends of 64 bits are serials like others")
    func ends() {
        let last: SerialSet = [UInt64.max...UInt64.max]
        #expect(last.contains(.max))
        #expect(!last.contains(.max - 1))
        #expect(!last.contains(0))
        #expect(Array(last.ranges) == [UInt64.max...UInt64.max])
        let all: SerialSet = [0...UInt64.max]
        #expect(all.contains(0) && all.contains(64) && all.contains(.max))
        #expect(Array(all.ranges) == [0...UInt64.max])
        let halves: SerialSet = [1 << 63...UInt64.max, 0...(1 << 63) - 1]
        #expect(halves == all)
    }

    @Test("a set answers like one that holds each serial", arguments: 0..<40)
    func random(seed: UInt64) {
        var random = RevocationJudge.Random(state: seed)
        let base: UInt64 = seed % 2 == 0 ? 0 : .max - 999
        var plain: Set<UInt64> = []
        var ranges: [ClosedRange<UInt64>] = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            let first = UInt64.random(in: 0...999, using: &random)
            let length = UInt64.random(in: 0...(seed % 3 == 0 ? 3 : 200), using: &random)
            let range = base + first...base + min(first + length, 999)
            ranges.append(range)
            plain.formUnion(range)
        }
        let set = SerialSet(ranges)
        for serial in base...base + 999 where set.contains(serial) != plain.contains(serial) {
            Issue.record("\(serial) of \(ranges)")
        }
        #expect(set.ranges.flatMap { Array($0) } == plain.sorted())
        let touching = zip(set.ranges, set.ranges.dropFirst()).filter {
            $0.upperBound + 1 >= $1.lowerBound
        }
        #expect(touching.isEmpty)
        #expect(SerialSet(plain.shuffled(using: &random).map { $0...$0 }) == set)
    }
}

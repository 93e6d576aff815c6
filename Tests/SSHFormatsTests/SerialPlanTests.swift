// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SSHFormats

@Suite struct SerialPlanTests {
    /// The fewest bytes for some serials, by trying all ends of all subsections.
    private func leastSize(_ serials: [UInt64], maximumBits: UInt64) -> Int {
        func least(mayList: Bool) -> Int {
            var rest = [Int](repeating: .max, count: serials.count) + [0]
            for first in serials.indices.reversed() {
                if mayList { rest[first] = 8 + rest[first + 1] }
                for last in first..<serials.count {
                    let distance = serials[last] - serials[first]
                    guard distance < maximumBits else { break }
                    rest[first] = min(
                        rest[first], 5 + 8 + 4 + 1 + Int(distance + 1) / 8 + rest[last + 1])
                }
                var last = first
                while last < serials.count, serials[last] - serials[first] == UInt64(last - first) {
                    rest[first] = min(rest[first], 5 + 16 + rest[last + 1])
                    last += 1
                }
            }
            return rest[0]
        }
        return min(5 + least(mayList: true), least(mayList: false))
    }

    /// The serials that the plan's subsections stand for.
    private func covered(_ plan: SerialPlan, of set: SerialSet) -> SerialSet {
        let bitmaps = plan.bitmaps.flatMap { span in span.filter(set.contains).map { $0...$0 } }
        return SerialSet(plan.list(of: set) + plan.ranges + bitmaps)
    }

    @Test("no division of the serials takes fewer bytes", arguments: 0..<150)
    func optimum(seed: UInt64) {
        var random = RevocationJudge.Random(state: seed)
        let maximumBits: UInt64 = [24, 32, 40, 64, 128, 256][Int(seed % 6)]
        let revoked = Double.random(in: 0.02...0.98, using: &random)
        let steadiness = Double.random(in: 0...0.95, using: &random)
        // Both ends of what a serial can be.
        let first: UInt64 = seed % 5 == 0 ? .max - 499 : 1
        var serials: [UInt64] = []
        var taken = false
        for serial in first...first + 499 {
            if Double.random(in: 0..<1, using: &random) >= steadiness {
                taken = Double.random(in: 0..<1, using: &random) < revoked
            }
            if taken { serials.append(serial) }
        }
        guard !serials.isEmpty else { return }
        let set = SerialSet(serials.map { $0...$0 })
        let plan = SerialPlan(set, maximumBits: maximumBits)
        #expect(plan.size == leastSize(serials, maximumBits: maximumBits))
        #expect(covered(plan, of: set) == set)
        #expect(
            plan.bitmaps.allSatisfy { $0.upperBound - $0.lowerBound < maximumBits })
        #expect(plan.listed == Int(SerialSet(plan.list(of: set)).count))
    }

    @Test("a run is divided where the longest bitmap ends in it")
    func division() {
        // Every other serial, but for a run of eight where the bitmap must end.
        let before = stride(from: UInt64(1), through: 57, by: 2).map { $0...$0 }
        let after = stride(from: UInt64(70), through: 128, by: 2).map { $0...$0 }
        let plan = SerialPlan(SerialSet(before + [60...68] + after), maximumBits: 64)
        #expect(plan.bitmaps == [1...64, 65...128])
        #expect(plan.listed == 0 && plan.ranges.isEmpty)
        #expect(plan.size == 2 * (18 + 8))
    }

    @Test(
        "a bitmap has 16,384 bits at most",
        arguments: [(16_383, 1, 0), (16_384, 1, 0), (16_385, 1, 1), (16_393, 2, 0), (40_000, 3, 0)])
    func maximumBits(span: UInt64, bitmaps: Int, listed: Int) {
        let runs = stride(from: UInt64(1), to: span, by: 2).map { $0...$0 } + [span...span]
        let set = SerialSet(runs)
        let plan = SerialPlan(set)
        #expect(plan.bitmaps.allSatisfy { $0.upperBound - $0.lowerBound < 16_384 })
        #expect(plan.bitmaps.count == bitmaps)
        #expect(plan.listed == listed)
        #expect(covered(plan, of: set) == set)
    }

    @Test("nothing takes no bytes")
    func nothing() {
        let plan = SerialPlan([])
        #expect(plan.size == 0)
        #expect(plan.listed == 0 && plan.ranges.isEmpty && plan.bitmaps.isEmpty)
    }

    @Test("a single serial is listed, neighbours are a bitmap, and many of them a range")
    func fewSerials() {
        #expect(Array(SerialPlan([9...9]).list(of: [9...9])) == [9...9])
        #expect(SerialPlan([9...9]).size == 5 + 8)
        #expect(SerialPlan([9...10]).bitmaps == [9...10])
        #expect(SerialPlan([9...10]).size == 5 + 8 + 4 + 1)
        #expect(SerialPlan([9...39]).bitmaps == [9...39])
        #expect(SerialPlan([9...40]).ranges == [9...40])
        #expect(SerialPlan([9...40]).size == 5 + 16)
        #expect(SerialPlan([1...UInt64.max]).ranges == [1...UInt64.max])
        #expect(SerialPlan([1...1, UInt64.max...UInt64.max]).listed == 2)
    }
}

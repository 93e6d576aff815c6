// SPDX-License-Identifier: Apache-2.0
import CFuzzing
import Glibc

/// Measures how time and memory grow with the input, and says where it is faster than the input.
///
/// Each doubling may take 2.6 times as long: linear work is at 2, and sorting a little above. The
/// processor's time is taken, the least of several runs, so that other work on the machine does not
/// count; what is below two milliseconds is not compared.
struct GrowthReport {
    private let targets: [FuzzTarget]
    private static let allowedFactor = 2.6
    private static let floor = 2_000_000.0
    private static let enough = 10_000_000.0

    init(_ targets: [FuzzTarget]) {
        self.targets = targets
    }

    private struct Measure {
        let length: Int
        let nanoseconds: Double
        let peak: Int
    }

    /// Prints a line for each growth; false where one is too fast.
    func run() -> Bool {
        var isGood = true
        for target in targets {
            for growth in target.growths {
                var measures: [Measure] = []
                var found: [String] = []
                do {
                    try measure(growth, of: target, into: &measures)
                    found = faults(measures, of: target)
                } catch {
                    found = ["\(error)"]
                }
                fuzzing_report(line(measures, growth, target, found))
                if !found.isEmpty { isGood = false }
            }
        }
        return isGood
    }

    private func measure(
        _ growth: Growth, of target: FuzzTarget, into measures: inout [Measure]
    ) throws {
        var size = growth.sizes.lowerBound
        while size <= growth.sizes.upperBound {
            let measure = try measure(growth, of: target, size: size)
            measures.append(measure)
            if measures.filter({ $0.nanoseconds > Self.enough }).count >= 3 { break }
            size *= 2
        }
    }

    /// The least time of several runs, and the most memory.
    private func measure(_ growth: Growth, of target: FuzzTarget, size: Int) throws -> Measure {
        let input = growth.make(size)
        var best = Double.infinity
        var peak = 0
        var spent = 0.0
        for run in 0..<6 where run < 3 || spent < Self.enough {
            fuzzing_reset_allocations()
            let start = fuzzing_processor_time()
            let outcome = target.read(input)
            peak = max(peak, Int(fuzzing_peak_allocation()))
            switch outcome {
            case .accepted(let holds):
                try holds()
                try require(growth.isAccepted, "size \(size) is taken")
            case .refused(let error):
                let text = Examination.text(of: error)
                try require(!growth.isAccepted, "size \(size) is refused: \(text.prefix(300))")
            }
            let time = Double(fuzzing_processor_time() - start)
            spent += time
            best = min(best, time)
        }
        return Measure(length: input.count, nanoseconds: best, peak: peak)
    }

    private func faults(_ measures: [Measure], of target: FuzzTarget) -> [String] {
        var faults: [String] = []
        for measure in measures where !target.memory.allows(measure.peak, for: measure.length) {
            faults.append("\(measure.length) bytes took \(measure.peak) bytes of memory")
            break
        }
        let compared = measures.filter { $0.nanoseconds >= Self.floor }
        let factors = zip(compared, compared.dropFirst()).map { before, after in
            let doublings = log2(Double(after.length) / Double(before.length))
            return pow(after.nanoseconds / before.nanoseconds, 1 / doublings)
        }
        // One step alone is at the mercy of caches: more than half of them must be too high.
        if factors.count >= 2, factors.sorted()[(factors.count - 1) / 2] > Self.allowedFactor {
            faults.append("time grows faster than \(Self.allowedFactor) times a doubling")
        }
        return faults
    }

    private func line(
        _ measures: [Measure], _ growth: Growth, _ target: FuzzTarget, _ faults: [String]
    ) -> String {
        let times = measures.map { "\(tenths($0.nanoseconds / 1_000_000))" }
        let last = measures.last
        let perByte = last.map { Double($0.peak) / Double(max(1, $0.length)) } ?? 0
        return "\(faults.isEmpty ? "ok  " : "FAIL") \(target.name), \(growth.name):"
            + " to \(last?.length ?? 0) bytes, \(times.joined(separator: " ")) ms,"
            + " memory \(tenths(perByte)) a byte"
            + faults.map { "\n     \($0)" }.joined()
    }

    private func tenths(_ number: Double) -> String {
        let whole = Int((number * 10).rounded())
        return "\(whole / 10).\(whole % 10)"
    }
}

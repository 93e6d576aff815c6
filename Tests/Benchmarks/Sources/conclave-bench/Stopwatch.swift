// SPDX-License-Identifier: Apache-2.0
import CBenchmarks

/// Measures, and lets those that are compared take turns, so that what else the machine does falls on
/// all alike.
enum Stopwatch {
    /// The seconds that a core spends on `body`, whatever else it does meanwhile.
    static func coreSeconds(_ body: () throws -> Void) rethrows -> Double {
        let start = clock()
        try body()
        return Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }

    /// The seconds that `body` takes by the clock on the wall.
    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await body()
        return Double((clock.now - start) / .nanoseconds(1)) / 1e9
    }

    /// Lets two sides take `rounds` turns after one that does not count; who begins changes.
    static func compare(
        rounds: Int, _ ours: () async throws -> Void, _ baseline: () async throws -> Void
    ) async rethrows -> [(ours: Double, baseline: Double)] {
        var turns: [(ours: Double, baseline: Double)] = []
        for round in 0...rounds {
            let turn: (ours: Double, baseline: Double)
            if round % 2 == 0 {
                let first = try await seconds(ours)
                turn = (first, try await seconds(baseline))
            } else {
                let first = try await seconds(baseline)
                turn = (try await seconds(ours), first)
            }
            if round > 0 { turns.append(turn) }
        }
        return turns
    }
}

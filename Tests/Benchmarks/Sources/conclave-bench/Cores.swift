// SPDX-License-Identifier: Apache-2.0
import CBenchmarks

/// The processor's cores, and how work is shared among them.
enum Cores {
    /// How many there are.
    static let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Gives each core its share of the numbers below `total`.
    static func share(
        _ total: Int, _ body: @escaping @Sendable (StrideTo<Int>) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for core in 0..<count {
                group.addTask { try body(stride(from: core, to: total, by: count)) }
            }
            try await group.waitForAll()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import TokenConformance

@Suite("A token of which each call goes wrong in turn")
struct FaultSweepTests {
    /// How many processes share the work.
    private static let workers = 2

    @Test(
        "is a clear error each time, stays sound, works at the next try, and loses no try of its PIN",
        arguments: Operation.allCases, FaultSweep.allCases)
    func sweep(operation: Operation, fault: FaultSweep) async throws {
        let place = Operation.allCases.firstIndex(of: operation) ?? 0
        let answer = await DriverProcess.of("sweep", place % Self.workers)
            .ask("\(operation): \(fault.rawValue)")
        let words = answer.split(separator: " ")
        #expect(words.first == "ok", "\(answer)")
        let isSigning = operation == .sign || operation == .generate
        if fault != .wrongSignature || isSigning {
            #expect(words.last.flatMap { Int($0) } ?? 0 > 0, "nothing went wrong: \(answer)")
        }
    }
}

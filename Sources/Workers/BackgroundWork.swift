// SPDX-License-Identifier: Apache-2.0

/// One piece of work beside what the caller does meanwhile.
///
/// Where the system has no thread to give, it is carried out when its result is asked for.
public struct BackgroundWork<Result: Sendable>: Sendable {
    private let outcome = Monitor<Result?>(nil)
    private let thread: WorkerThread?
    private let work: @Sendable () -> Result

    /// Begins the work.
    public init(_ work: @escaping @Sendable () -> Result) {
        self.work = work
        let outcome = outcome
        thread = WorkerThread {
            let result = work()
            outcome.change { $0 = result }
        }
    }

    /// Waits for the end of the work and gives its result; to be called once.
    public func result() -> Result {
        guard let thread else { return work() }
        defer { thread.join() }
        return outcome.wait { $0 }
    }
}

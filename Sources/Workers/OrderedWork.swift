// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Work in numbered pieces, carried out on all cores, whose results are handed on in order.
///
/// Only so many results are kept as are needed to have every core at work.
public struct OrderedWork<Result: Sendable>: Sendable {
    /// Where the work stands.
    private struct Progress {
        var next = 0
        var results: [Int: Result] = [:]
        var delivered = 0
        var isStopped = false
    }

    /// How many results may wait for one that takes longer, for each thread, where nobody says.
    public static var window: Int { 4 }

    private let count: Int
    private let threads: Int
    private let window: Int
    /// Makes what carries out the pieces of one thread.
    private let worker: @Sendable () -> (Int) -> Result

    /// Prepares work of `count` pieces; `worker` is called once on each thread.
    ///
    /// There are more threads than cores, so that none idles while another waits for a disk.
    public init(
        count: Int, threads: Int = 2 * Self.cores, window: Int = Self.window,
        worker: @escaping @Sendable () -> (Int) -> Result
    ) {
        self.count = count
        self.threads = max(1, min(threads, count))
        self.window = self.threads * max(1, window)
        self.worker = worker
    }

    /// The number of cores that are there to be used.
    public static var cores: Int { max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 256)) }

    /// Carries out the work, and hands each result to `deliver` on this thread, in order.
    ///
    /// - Throws: what `deliver` throws; the rest of the work is left then.
    public func run<Failure: Error>(
        _ deliver: (Result) throws(Failure) -> Void
    ) throws(Failure) {
        let progress = Monitor(Progress())
        let others = threads > 1 ? start(progress) : []
        defer {
            progress.change { $0.isStopped = true }
            for thread in others { thread.join() }
        }
        guard !others.isEmpty else {
            let piece = worker()
            for number in 0..<count { try deliver(piece(number)) }
            return
        }
        for number in 0..<count {
            let result = progress.wait { progress in
                progress.results.removeValue(forKey: number).map {
                    progress.delivered += 1
                    return $0
                }
            }
            try deliver(result)
        }
    }

    /// Starts as many threads as the system gives.
    private func start(_ progress: Monitor<Progress>) -> [WorkerThread] {
        var started: [WorkerThread] = []
        for _ in 0..<threads {
            guard let thread = WorkerThread({ loop(progress) }) else { break }
            started.append(thread)
        }
        return started
    }

    /// What each thread does: pieces, until none is left or nobody wants them any more.
    private func loop(_ progress: Monitor<Progress>) {
        let piece = worker()
        while let number = take(progress) {
            let result = piece(number)
            progress.change { $0.results[number] = result }
        }
    }

    private func take(_ progress: Monitor<Progress>) -> Int? {
        progress.wait { progress -> Int?? in
            if progress.isStopped || progress.next >= count { return .some(nil) }
            guard progress.next < progress.delivered + window else { return nil }
            progress.next += 1
            return progress.next - 1
        }
    }
}

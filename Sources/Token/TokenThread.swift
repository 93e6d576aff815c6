// SPDX-License-Identifier: Apache-2.0

import Glibc
import Workers

/// The one thread on which a token's calls are made, in the order they come.
///
/// A call into a module or service may block for as long as a person takes to touch a token or to
/// type on a pad. On a thread of its own it holds up no other token, nor the threads that Swift
/// shares; and where it never comes back, the thread is all that is lost.
public final class TokenThread: SerialExecutor {
    private let jobs = Monitor(Jobs())

    private struct Jobs {
        var waiting: [@Sendable () -> Void] = []
        var isStopped = false
    }

    /// Starts the thread.
    ///
    /// - Throws: ``TokenError`` where the system has none to give.
    public init() throws(TokenError) {
        // The thread holds a reference until it ends.
        guard let thread = WorkerThread({ self.run() }) else {
            throw TokenError(.other, "the system has no thread for the token")
        }
        thread.detach()
    }

    /// Adds a job behind those that wait.
    public func submit(_ job: @escaping @Sendable () -> Void) {
        jobs.change { $0.waiting.append(job) }
    }

    /// Adds a job of an actor that runs on this thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Lets the thread end once no job waits.
    ///
    /// No job may come after: the owner of this thread calls it when it goes away itself.
    public func stop() { jobs.change { $0.isStopped = true } }

    private func run() {
        // What writes to a server or service that is gone must not end the program for it.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        jobs.wait { jobs -> (@Sendable () -> Void)?? in
            if !jobs.waiting.isEmpty { return .some(jobs.waiting.removeFirst()) }
            return jobs.isStopped ? .some(nil) : nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Token

/// The one thread on which a token's calls are made, in the order they come.
///
/// A call into a module may block for as long as a person takes to touch a token or to type on a
/// pad. On a thread of its own it holds up no other token, nor the threads that Swift shares; and
/// where it never comes back, the thread is all that is lost.
final class ModuleThread: Sendable {
    private let jobs = Guarded(Jobs())

    private struct Jobs {
        var waiting: [@Sendable () -> Void] = []
        var isStopped = false
    }

    /// Starts the thread.
    init() throws(TokenError) {
        // The thread holds a reference until it ends.
        try DetachedThread.start("for the token") { self.run() }
    }

    /// Adds a job behind those that wait.
    func submit(_ job: @escaping @Sendable () -> Void) {
        jobs.change { $0.waiting.append(job) }
    }

    /// Lets the thread end once no job waits.
    func stop() {
        jobs.change { $0.isStopped = true }
    }

    private func run() {
        // A module that writes to a server which is gone must not end the program for it.
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

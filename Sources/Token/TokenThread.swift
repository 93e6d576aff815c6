// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The one thread on which a token's calls are made, in the order they come.
///
/// A call into a module may block for as long as a person takes to touch a token or to type on a
/// pad. On a thread of its own it holds up no other token, nor the threads that Swift shares.
///
/// Everything behind the pointers and the queue is touched under the mutex alone.
@safe public final class TokenThread: SerialExecutor, @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    /// Starts the thread.
    ///
    /// - Throws: ``TokenError`` where the system has none to give.
    public init() throws(TokenError) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
        // The thread holds a reference until it ends.
        try DetachedThread.start("for the token") { self.run() }
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Adds a job behind those that wait.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        unsafe pthread_mutex_lock(mutex)
        jobs.append(job)
        unsafe pthread_cond_signal(changed)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Lets the thread end once no job waits.
    ///
    /// No job may come after: the owner of this executor calls it when it goes away itself.
    public func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_cond_signal(changed)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func run() {
        while let job = next() {
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    private func next() -> UnownedJob? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while jobs.isEmpty, !isStopped { unsafe pthread_cond_wait(changed, mutex) }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }
}

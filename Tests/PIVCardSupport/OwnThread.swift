// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport

/// Work on a thread of its own, such as a signature that waits for a touch.
///
/// The threads that tests share are as few as the cores: two that wait for each other on them may
/// wait for ever.
public final class OwnThread<Value: Sendable>: Sendable {
    private let thread: pthread_t
    private let outcome: Outcome<Value>

    /// Begins the work.
    public init(_ work: @escaping @Sendable () throws -> Value) throws {
        let outcome = Outcome<Value>()
        let task = ThreadTask { outcome.set(Result { try work() }) }
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<ThreadTask>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(task).toOpaque())
        guard failure == 0 else { throw SystemCallError("pthread_create", failure) }
        self.thread = thread
        self.outcome = outcome
    }

    /// Waits for the end of the work, once; what came of it.
    public func wait() throws -> Value {
        pthread_join(thread, nil)
        return try outcome.get()
    }
}

private final class ThreadTask: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

    func get() throws -> Value {
        guard let result = result.withLock(\.self) else {
            throw PIVCardError("the thread has left nothing")
        }
        return try result.get()
    }
}

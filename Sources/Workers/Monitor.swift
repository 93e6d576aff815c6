// SPDX-License-Identifier: Apache-2.0
public import Glibc

/// A value that threads share, with a way to wait until it has changed.
///
/// The value is touched under the mutex alone. Waiting blocks the thread: it is for threads of our
/// own, and not for those that Swift shares.
@safe public final class Monitor<Value>: @unchecked Sendable {
    /// What a look at the value leads to.
    public enum Look<Result> {
        /// The end of the wait.
        case result(Result)
        /// Another look when the value has changed, or at a ``moment()`` at the latest.
        case again(by: Int64)
    }

    @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
    @usableFromInline let changed: UnsafeMutablePointer<pthread_cond_t>
    @usableFromInline var value: Value

    /// Begins with `value`, which nobody else keeps.
    public init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Reads or changes the value, and wakes nobody.
    @inlinable
    public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Has all who wait look again.
    @inlinable
    public func wake() { unsafe pthread_cond_broadcast(changed) }

    /// Changes the value and wakes all who wait.
    @inlinable
    public func change<Result>(_ body: (inout Value) -> Result) -> Result {
        defer { wake() }
        return withLock(body)
    }

    /// Waits until `body` makes something of the value, and wakes all who wait where it did.
    @inlinable
    public func wait<Result>(until body: (inout Value) -> Result?) -> Result {
        look { value in body(&value).map { .result($0) } ?? .again(by: .max) }
    }

    /// Looks at the value until a look gives a result, and wakes all who wait then.
    @inlinable
    public func look<Result>(_ body: (inout Value) -> Look<Result>) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            switch body(&value) {
            case .result(let result):
                wake()
                return result
            case .again(.max): unsafe pthread_cond_wait(changed, mutex)
            case .again(let moment):
                var time = timespec()
                time.tv_sec = Int(moment / 1_000_000_000)
                time.tv_nsec = Int(moment % 1_000_000_000)
                unsafe pthread_cond_timedwait(changed, mutex, &time)
            }
        }
    }

    /// This moment, in nanoseconds of the clock that nobody sets.
    public static func moment() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

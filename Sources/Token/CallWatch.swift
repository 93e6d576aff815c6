// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Watches the time of a token's calls, tells an observer of long ones, and gives a hung token up.
///
/// A call into a driver or module cannot be taken back. So callers do not wait for the token's
/// thread itself but for this watch: where a call exceeds its limit, everybody who waits gets an
/// error at once, and nothing is sent to the token any more when the call returns after all.
///
/// Everything behind the pointers is touched under the mutex alone.
@safe public final class CallWatch: @unchecked Sendable {
    /// What a call may take its time for.
    public enum Kind: Hashable, Sendable {
        /// Nothing.
        case call
        /// A signature, or the PIN on the token's own pad.
        case signature
        /// A signature that waits for a touch.
        case touch
        /// A signature that waits for a touch, unless there was one a moment ago.
        case perhapsTouch
        /// The making of a key pair.
        case generation
    }

    private struct Call {
        let kind: Kind
        let deadline: Int64
        var tellAt: Int64
        var isTold = false
    }

    private let limits: TimeLimits
    private let observer: (any TokenObserver)?
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    /// Held while the observer is told, so that it never hears of a wait after the wait's end.
    private let telling = Mutex(())

    private var identity: TokenIdentity?
    private var call: Call?
    private var wakesAt = Int64.max
    private var givenUp: TokenError?
    private var isStopped = false
    private var callers: [Int: @Sendable (TokenError) -> Void] = [:]
    private var nextCaller = 0

    /// Starts to watch.
    ///
    /// - Throws: ``TokenError`` where the system has no thread to give.
    public init(_ limits: TimeLimits, observer: (any TokenObserver)?) throws(TokenError) {
        self.limits = limits
        self.observer = observer
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        // The thread holds a reference until it ends.
        try DetachedThread.start("to watch a token") { self.watch() }
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Lets the watch end; the owner calls it when no call comes any more.
    public func stop() {
        locked {
            isStopped = true
            unsafe pthread_cond_signal(changed)
        }
    }

    /// Says which token it is that is watched, once that is known.
    public func identify(_ identity: TokenIdentity) { locked { self.identity = identity } }

    /// Has work done on the token's thread, and waits for it no longer than its calls may take.
    ///
    /// - Throws: ``TokenError`` of the work, or that the token was given up.
    public func wait<Value: Sendable>(
        for work: @escaping @Sendable () async -> Result<Value, TokenError>
    ) async throws(TokenError) -> Value {
        let result: Result<Value, TokenError> = await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            let (number, error) = locked { () -> (Int, TokenError?) in
                nextCaller += 1
                if givenUp == nil { callers[nextCaller] = { answer.give(.failure($0)) } }
                return (nextCaller, givenUp)
            }
            if let error { return answer.give(.failure(error)) }
            Task { [self] in
                answer.give(await work())
                locked { _ = callers.removeValue(forKey: number) }
            }
        }
        return try result.get()
    }

    /// Notes that a call begins; to be called on the token's thread, one call at a time.
    ///
    /// - Throws: ``TokenError`` where the token was given up: the call must not be made.
    public func begin(_ kind: Kind) throws(TokenError) {
        let now = Self.now()
        let limit =
            switch kind {
            case .call: limits.call
            case .signature, .touch, .perhapsTouch: limits.signature
            case .generation: limits.generation
            }
        var call = Call(
            kind: kind, deadline: Self.sum(now, limit), tellAt: Self.sum(now, limits.patience))
        let isTold = kind == .touch && observer != nil
        if isTold {
            call.isTold = true
            call.tellAt = Self.sum(now, .seconds(1))
        }
        let (error, identity) = locked { () -> (TokenError?, TokenIdentity?) in
            guard givenUp == nil else { return (givenUp, nil) }
            self.call = call
            if nextEvent(call) < wakesAt { unsafe pthread_cond_signal(changed) }
            return (nil, self.identity)
        }
        if let error { throw error }
        if isTold, let identity {
            telling.withLock { _ in
                observer?.waits(on: identity, forTouch: true, left: limit)
            }
        }
    }

    /// Notes that the call has returned.
    ///
    /// - Throws: ``TokenError`` where the token was given up meanwhile.
    public func end() throws(TokenError) {
        let (error, told) = locked { () -> (TokenError?, TokenIdentity?) in
            defer { call = nil }
            return (givenUp, call?.isTold == true ? identity : nil)
        }
        if let told { telling.withLock { _ in observer?.waitEnded(on: told) } }
        if let error { throw error }
    }

    private func watch() {
        unsafe pthread_mutex_lock(mutex)
        while !isStopped {
            guard let current = call, givenUp == nil else {
                wakesAt = .max
                unsafe pthread_cond_wait(changed, mutex)
                continue
            }
            let now = Self.now()
            if now >= current.deadline {
                giveUp(current)
            } else if now >= current.tellAt {
                call?.tellAt = Self.sum(now, .seconds(1))
                unsafe pthread_mutex_unlock(mutex)
                tell()
                unsafe pthread_mutex_lock(mutex)
            } else {
                wakesAt = nextEvent(current)
                var time = timespec()
                time.tv_sec = Int(wakesAt / 1_000_000_000)
                time.tv_nsec = Int(wakesAt % 1_000_000_000)
                unsafe pthread_cond_timedwait(changed, mutex, &time)
            }
        }
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Tells the observer of the call that waits, if it still does.
    private func tell() {
        telling.withLock { _ in
            let (waiting, token) = locked { () -> (Call?, TokenIdentity?) in
                call?.isTold = observer != nil && identity != nil
                return (call, identity)
            }
            guard let waiting, let token else { return }
            let left = Duration.nanoseconds(max(0, waiting.deadline - Self.now()))
            let forTouch = waiting.kind == .touch || waiting.kind == .perhapsTouch
            observer?.waits(on: token, forTouch: forTouch, left: left)
        }
    }

    /// Answers everybody; the mutex is held when this is called, and when it returns.
    private func giveUp(_ current: Call) {
        let token = identity
        let error = timeOut(current.kind, token)
        givenUp = error
        let waiting = Array(callers.values)
        callers = [:]
        let isTold = call?.isTold == true
        call?.isTold = false
        unsafe pthread_mutex_unlock(mutex)
        if isTold, let token { telling.withLock { _ in observer?.waitEnded(on: token) } }
        for answer in waiting { answer(error) }
        unsafe pthread_mutex_lock(mutex)
    }

    private func timeOut(_ kind: Kind, _ token: TokenIdentity?) -> TokenError {
        let limit =
            switch kind {
            case .call: limits.call
            case .signature, .touch, .perhapsTouch: limits.signature
            case .generation: limits.generation
            }
        let name = token.map { "\($0)" } ?? "the token"
        return TokenError(
            .timedOut, "\(name) did not answer within \(limit)",
            hint: kind == .touch || kind == .perhapsTouch
                ? "touch it while it blinks; open it anew to go on"
                : "take it out, put it in again, and open it anew")
    }

    private func nextEvent(_ call: Call) -> Int64 {
        observer == nil ? call.deadline : min(call.deadline, call.tellAt)
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Nanoseconds of the clock that no one sets.
    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A moment some time later; the end of all time where that is too long.
    private static func sum(_ moment: Int64, _ duration: Duration) -> Int64 {
        let parts = duration.components
        let (seconds, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = moment.addingReportingOverflow(seconds)
        let (all, overflow3) = sum.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
        return overflow || overflow2 || overflow3 ? .max : all
    }
}

/// The one answer that somebody waits for: the first counts, those behind it are dropped.
private final class Answer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, TokenError>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, TokenError>, Never>) {
        self.continuation = Mutex(continuation)
    }

    func give(_ result: Result<Value, TokenError>) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: result)
    }
}

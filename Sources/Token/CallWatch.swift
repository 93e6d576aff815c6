// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Workers

/// Watches the time of a token's calls, tells an observer of long ones, and gives a hung token up.
///
/// A call into a driver or module cannot be taken back. So callers do not wait for the token's
/// thread itself but for this watch: where a call exceeds its limit, everybody who waits gets an
/// error at once, and nothing is sent to the token any more when the call returns after all.
public final class CallWatch: Sendable {
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
        /// The function as the module's standard spells it; empty where there is none.
        let operation: String
        let deadline: Int64
        var tellAt: Int64
        var isTold = false
    }

    private struct State {
        /// The token, once it is known which it is.
        var identity: TokenIdentity?
        /// What errors call the token, or the module before.
        var name: String
        var call: Call?
        var wakesAt = Int64.max
        var givenUp: TokenError?
        var isStopped = false
        var callers: [Int: @Sendable (TokenError) -> Void] = [:]
        var lastCaller = 0
    }

    /// What the watch wakes up for.
    private enum Event {
        case tell
        case giveUp([@Sendable (TokenError) -> Void], TokenError, told: TokenIdentity?)
        case stop
    }

    private let limits: TimeLimits
    private let observer: (any TokenObserver)?
    private let state: Monitor<State>
    /// Held while the observer is told, so that it never hears of a wait after the wait's end.
    private let telling = Mutex(())

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - limits: How long each call may take.
    ///   - observer: Who is told of calls that take long.
    ///   - name: What errors call the token until it is identified.
    /// - Throws: ``TokenError`` where the system has no thread to give.
    public init(
        _ limits: TimeLimits, observer: (any TokenObserver)?, name: String = "the token"
    ) throws(TokenError) {
        self.limits = limits
        self.observer = observer
        state = Monitor(State(name: name))
        // The thread holds a reference until it ends.
        guard let thread = WorkerThread({ self.watch() }) else {
            throw TokenError(.other, "the system has no thread to watch a token")
        }
        thread.detach()
    }

    /// Lets the watch end; the owner calls it when no call comes any more.
    public func stop() { state.change { $0.isStopped = true } }

    /// Says which token it is that is watched, once that is known.
    public func identify(_ identity: TokenIdentity) {
        state.withLock { state in
            state.identity = identity
            state.name = identity.description
        }
    }

    // MARK: - For those who wait

    /// Has work done on the token's thread, and waits for it no longer than its calls may take.
    ///
    /// - Throws: ``TokenError`` of the work, or that the token was given up.
    public func wait<Value: Sendable>(
        for work: @escaping @Sendable () async -> Result<Value, TokenError>
    ) async throws(TokenError) -> Value {
        let result = await withCheckedContinuation { continuation in
            let answer = Answer<Value>(continuation)
            guard let number = join(answer) else { return }
            Task { [self] in
                answer.give(await work())
                leave(number)
            }
        }
        return try result.get()
    }

    /// Registers one who waits for an answer, and is given an error where the token is given up.
    ///
    /// - Parameters:
    ///   - answer: What the error is given to.
    ///   - onGivingUp: Is called before that, where it comes later on.
    /// - Returns: The number to ``leave(_:)`` with; nil where the error was given at once.
    public func join<Value: Sendable>(
        _ answer: Answer<Value>, onGivingUp: @escaping @Sendable () -> Void = {}
    ) -> Int? {
        let (number, error) = state.withLock { state -> (Int?, TokenError?) in
            if let givenUp = state.givenUp { return (nil, givenUp) }
            state.lastCaller += 1
            state.callers[state.lastCaller] = { error in
                onGivingUp()
                answer.give(.failure(error))
            }
            return (state.lastCaller, nil)
        }
        if let error { answer.give(.failure(error)) }
        return number
    }

    /// Notes that what a caller waited for has come.
    public func leave(_ number: Int) { state.withLock { $0.callers[number] = nil } }

    // MARK: - On the token's thread

    /// Notes that a call begins, and that the one before has ended; to be called on the token's thread.
    ///
    /// - Parameters:
    ///   - kind: What the call may take its time for.
    ///   - operation: The function, for errors, as the module's standard spells it.
    /// - Throws: ``TokenError`` where the token was given up: the call must not be made.
    public func begin(_ kind: Kind, _ operation: String = "") throws(TokenError) {
        let now = Monitor<Void>.moment()
        let limit = limit(kind)
        var call = Call(
            kind: kind, operation: operation, deadline: Self.sum(now, limit),
            tellAt: Self.sum(now, limits.patience))
        let isTold = kind == .touch && observer != nil
        if isTold {
            call.isTold = true
            call.tellAt = Self.sum(now, .seconds(1))
        }
        let next = nextEvent(call)
        let (error, identity, told, isEarlier) = state.withLock {
            state -> (TokenError?, TokenIdentity?, TokenIdentity?, Bool) in
            if let givenUp = state.givenUp { return (givenUp, nil, nil, false) }
            let told = state.call?.isTold == true ? state.identity : nil
            state.call = call
            return (nil, state.identity, told, next < state.wakesAt)
        }
        // A watch that wakes up early enough anyway is left asleep.
        if isEarlier { state.wake() }
        if let told { telling.withLock { _ in observer?.waitEnded(on: told) } }
        if let error { throw error }
        if isTold, let identity {
            telling.withLock { _ in
                observer?.waits(on: identity, forTouch: true, left: limit)
            }
        }
    }

    /// Notes that the call has returned, if there was one.
    ///
    /// - Throws: ``TokenError`` where the token was given up meanwhile.
    public func end() throws(TokenError) {
        let (error, told) = state.withLock { state -> (TokenError?, TokenIdentity?) in
            defer { state.call = nil }
            return (state.givenUp, state.call?.isTold == true ? state.identity : nil)
        }
        if let told { telling.withLock { _ in observer?.waitEnded(on: told) } }
        if let error { throw error }
    }

    /// Makes a call; to be called on the token's thread.
    ///
    /// - Throws: ``TokenError`` of the call, or that the token was given up.
    public func call<Value>(
        _ kind: Kind, _ body: () throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        try begin(kind)
        let value: Value
        do throws(TokenError) {
            value = try body()
        } catch {
            try end()
            throw error
        }
        try end()
        return value
    }

    // MARK: - On the watch's own thread

    private func watch() {
        while true {
            switch state.look({ look(&$0) }) {
            case .tell: tell()
            case .giveUp(let callers, let error, let told):
                if let told { telling.withLock { _ in observer?.waitEnded(on: told) } }
                for give in callers { give(error) }
                // No call is made any more.
                return
            case .stop: return
            }
        }
    }

    private func look(_ state: inout State) -> Monitor<State>.Look<Event> {
        guard !state.isStopped else { return .result(.stop) }
        guard let call = state.call else {
            state.wakesAt = .max
            return .again(by: .max)
        }
        let now = Monitor<Void>.moment()
        if now >= call.deadline {
            let error = timeOut(call, state.name)
            defer {
                state.givenUp = error
                state.callers = [:]
                state.call?.isTold = false
            }
            return .result(
                .giveUp(
                    Array(state.callers.values), error, told: call.isTold ? state.identity : nil))
        }
        if observer != nil, now >= call.tellAt {
            state.call?.tellAt = Self.sum(now, .seconds(1))
            return .result(.tell)
        }
        state.wakesAt = nextEvent(call)
        return .again(by: state.wakesAt)
    }

    /// Tells the observer of the call that waits, if it still does and somebody waits for it.
    private func tell() {
        telling.withLock { _ in
            let (waiting, token) = state.withLock { state -> (Call?, TokenIdentity?) in
                guard !state.callers.isEmpty, state.identity != nil else { return (nil, nil) }
                state.call?.isTold = true
                return (state.call, state.identity)
            }
            guard let waiting, let token else { return }
            let left = Duration.nanoseconds(max(0, waiting.deadline - Monitor<Void>.moment()))
            let forTouch = waiting.kind == .touch || waiting.kind == .perhapsTouch
            observer?.waits(on: token, forTouch: forTouch, left: left)
        }
    }

    private func timeOut(_ call: Call, _ name: String) -> TokenError {
        let limit = limit(call.kind)
        guard call.operation.isEmpty else {
            return TokenError(
                .timedOut,
                "\(name) has not answered \(call.operation) for \(limit.text), and is given up",
                hint: "until that call comes back nobody can use the module in this program; "
                    + "end it, and start it again")
        }
        return TokenError(
            .timedOut, "\(name) did not answer within \(limit)",
            hint: call.kind == .touch || call.kind == .perhapsTouch
                ? "touch it while it blinks; open it anew to go on"
                : "take it out, put it in again, and open it anew")
    }

    private func limit(_ kind: Kind) -> Duration {
        switch kind {
        case .call: limits.call
        case .signature, .touch, .perhapsTouch: limits.signature
        case .generation: limits.generation
        }
    }

    private func nextEvent(_ call: Call) -> Int64 {
        observer == nil ? call.deadline : min(call.deadline, call.tellAt)
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

extension Duration {
    /// The duration in whole seconds, or in milliseconds where it is none.
    fileprivate var text: String {
        let (seconds, rest) = components
        return rest == 0 ? "\(seconds) s" : "\(seconds * 1000 + rest / 1_000_000_000_000_000) ms"
    }
}

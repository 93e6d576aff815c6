// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Token

/// Watches the calls that a token's thread makes into its module: how long each may take, who is
/// told while it lasts, and who must not wait for it any longer.
///
/// A call that has begun cannot be taken back. Where its time is up, all who wait for the token are
/// answered and its thread is left alone with the call.
final class ModuleWatch: Sendable {
    private let limits: TimeLimits
    private let observer: (any TokenObserver)?
    private let state: Mutex<State>

    private struct State {
        /// The token, once it is known which it is.
        var identity: TokenIdentity?
        /// What errors call the token or its module.
        var name: String
        var call: Call?
        var isMonitored = false
        /// Why the token was given up, where it was.
        var failure: TokenError?
        var waiting: [Int: @Sendable (TokenError) -> Void] = [:]
        var last = 0
    }

    private struct Call {
        let operation: String
        let limit: Duration
        let begun: ContinuousClock.Instant
        var told: ContinuousClock.Instant?
    }

    /// Watches calls on behalf of a token that is not known yet; errors name the module.
    init(_ limits: TimeLimits, _ observer: (any TokenObserver)?, module: String) {
        self.limits = limits
        self.observer = observer
        state = Mutex(State(name: "module \(module.quotedForDisplay)"))
    }

    /// Notes which token it is.
    func identify(_ identity: TokenIdentity) {
        state.withLock { state in
            state.identity = identity
            state.name = identity.description
        }
    }

    // MARK: - On the token's thread

    /// Notes that a call begins, and that the one before has ended; why the token was given up,
    /// where it was.
    func begin(_ operation: String) -> TokenError? {
        state.withLock { state in
            if let failure = state.failure { return failure }
            endCall(&state)
            state.call = Call(
                operation: operation, limit: limit(operation), begun: ContinuousClock.now)
            return nil
        }
    }

    /// Notes that what a caller waited for has come; why the token was given up, where it was.
    func leave(_ number: Int) -> TokenError? {
        state.withLock { state in
            endCall(&state)
            state.waiting[number] = nil
            return state.failure
        }
    }

    private func endCall(_ state: inout State) {
        if state.call?.told != nil, let identity = state.identity {
            observer?.waitEnded(on: identity)
        }
        state.call = nil
    }

    private func limit(_ operation: String) -> Duration {
        switch operation {
        case "C_GenerateKeyPair": limits.generation
        case "C_Sign", "C_Login": limits.signature
        default: limits.call
        }
    }

    // MARK: - For those who wait

    /// Registers a caller, who is told where the token is given up.
    ///
    /// - Throws: Where it is given up already.
    func join(_ give: @escaping @Sendable (TokenError) -> Void) throws(TokenError) -> Int {
        let (number, begins) = try state.withLock { state throws(TokenError) in
            if let failure = state.failure { throw failure }
            state.last += 1
            state.waiting[state.last] = give
            defer { state.isMonitored = true }
            return (state.last, !state.isMonitored)
        }
        if begins { Task.detached { await self.monitor() } }
        return number
    }

    /// Looks at the call under way now and then, for as long as somebody waits.
    @concurrent
    private func monitor() async {
        while let pause = look() {
            do {
                try await Task.sleep(for: pause)
            } catch {
                return  // nobody cancels this task
            }
        }
    }

    /// The time until the next look; nil where nobody waits any more.
    private func look() -> Duration? {
        let (pause, failure, callers) = state.withLock {
            state -> (Duration?, TokenError?, [@Sendable (TokenError) -> Void]) in
            guard !state.waiting.isEmpty, state.failure == nil else {
                state.isMonitored = false
                return (nil, nil, [])
            }
            // A call with a shorter time may begin while this one sleeps.
            let step = min(limits.patience, limits.call, limits.signature, limits.generation)
            guard var call = state.call else { return (step, nil, []) }
            let now = ContinuousClock.now
            let left = call.limit - (now - call.begun)
            guard left > .zero else {
                let failure = giveUp(call, state.name)
                state.failure = failure
                endCall(&state)
                let callers = Array(state.waiting.values)
                state.waiting = [:]
                return (nil, failure, callers)
            }
            if let observer, let identity = state.identity,
                call.told.map({ now - $0 >= .seconds(1) })
                    ?? (now - call.begun >= limits.patience)
            {
                observer.waits(on: identity, forTouch: false, left: left)
                call.told = now
                state.call = call
            }
            return (max(min(step, left), .milliseconds(1)), nil, [])
        }
        if let failure { for give in callers { give(failure) } }
        return pause
    }

    private func giveUp(_ call: Call, _ name: String) -> TokenError {
        TokenError(
            .timedOut,
            "\(name) has not answered \(call.operation) for \(call.limit.text), and is given up",
            hint: "until that call comes back nobody can use the module in this program; "
                + "end it, and start it again")
    }
}

extension Duration {
    /// The duration in whole seconds, or in milliseconds where it is none.
    var text: String {
        let (seconds, rest) = components
        return rest == 0 ? "\(seconds) s" : "\(seconds * 1000 + rest / 1_000_000_000_000_000) ms"
    }
}

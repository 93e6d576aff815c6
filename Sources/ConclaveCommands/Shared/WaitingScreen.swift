// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Token

/// Tells a person that a token waits, and for what: a countdown in one line of the terminal.
///
/// Elsewhere it is a line at once and then one now and then, so that a log stays readable.
final class WaitingScreen: TokenObserver {
    /// The pause between two lines where there is no terminal.
    static let pause: Duration = .seconds(10)

    private let state = Mutex(State())

    private struct State {
        /// The seconds that were left when something was last written; nil where nobody waits.
        var lastShown: Duration?
        var isLineOpen = false
    }

    func waits(on token: TokenIdentity, forTouch: Bool, left: Duration) {
        let text = Self.text(token, forTouch: forTouch, left: left)
        state.withLock { state in
            if Screen.hasTerminal {
                Screen.countdown(text)
                state.isLineOpen = true
                state.lastShown = left
            } else if Self.isDue(left, after: state.lastShown) {
                Screen.note(text)
                state.lastShown = left
            }
        }
    }

    func waitEnded(on token: TokenIdentity) {
        state.withLock { state in
            if state.isLineOpen { Screen.endCountdown() }
            state = State()
        }
    }

    /// Whether a line is written where there is no terminal: the first at once.
    static func isDue(_ left: Duration, after last: Duration?) -> Bool {
        guard let last else { return true }
        return last - left >= pause
    }

    /// What a person reads: what to do, on which token, and how long there is for it.
    static func text(_ token: TokenIdentity, forTouch: Bool, left: Duration) -> String {
        // Rounded up: with nothing left to count, there is no time left.
        let seconds = max(0, left.components.seconds + (left.components.attoseconds > 0 ? 1 : 0))
        return forTouch
            ? "TOUCH \(token) now: \(seconds) s left"
            : "\(token) has not answered yet, and may wait for a touch or for its pad: "
                + "\(seconds) s left"
    }
}

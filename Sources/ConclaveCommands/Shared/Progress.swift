// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How far something has come: rate and time left on a terminal, now and then a line elsewhere.
///
/// What takes less than a second shows nothing.
struct Progress {
    private let what: String
    private let started: Double
    private let before: Int
    private var lastShown: Double?
    private var shownEnd: Int?

    /// Begins where `before` of them are done already.
    init(_ what: String, after before: Int, at time: Double = monotonicSeconds()) {
        self.what = what
        self.before = before
        started = time
    }

    /// Shows that `done` of `total` are done.
    mutating func show(_ done: Int, of total: Int) {
        let pause = Screen.hasTerminal ? 0.1 : 10
        guard let text = line(done, of: total, at: monotonicSeconds(), pause: pause) else { return }
        if Screen.hasTerminal {
            Screen.write("\r\u{1B}[K\(text)" + (done == total ? "\n" : ""), to: STDERR_FILENO)
        } else {
            Screen.note(text)
        }
    }

    /// What is to be shown, if anything is: not sooner than a pause after the last, and each end once.
    mutating func line(_ done: Int, of total: Int, at now: Double, pause: Double) -> String? {
        let elapsed = now - started
        guard elapsed >= 1, done < total || shownEnd != total else { return nil }
        guard done == total || now - (lastShown ?? started) >= pause else { return nil }
        lastShown = now
        if done == total { shownEnd = total }
        let rate = Double(done - before) / elapsed
        var text = "\(what): \(done) of \(total)"
        if rate > 0 {
            text += ", \(Int(rate.rounded())) a second"
            if done < total {
                text += ", \(Int((Double(total - done) / rate).rounded(.up))) s left"
            }
        }
        return text
    }
}

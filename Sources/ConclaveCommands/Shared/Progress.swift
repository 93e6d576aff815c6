// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How far something has come: rate and time left on a terminal, now and then a line elsewhere.
///
/// What takes less than a second shows nothing.
struct Progress {
    private let what: String
    private let started = monotonicSeconds()
    private let before: Int
    private var lastShown: Double?

    /// Begins where `before` of them are done already.
    init(_ what: String, after before: Int) {
        self.what = what
        self.before = before
    }

    /// Shows that `done` of `total` are done.
    mutating func show(_ done: Int, of total: Int) {
        let now = monotonicSeconds()
        let elapsed = now - started
        guard elapsed >= 1 else { return }
        let pause = Screen.hasTerminal ? 0.1 : 10
        guard done == total || now - (lastShown ?? started) >= pause else { return }
        lastShown = now
        let rate = Double(done - before) / elapsed
        var text = "\(what): \(done) of \(total)"
        if rate > 0 {
            text += ", \(Int(rate.rounded())) a second"
            if done < total {
                text += ", \(Int((Double(total - done) / rate).rounded(.up))) s left"
            }
        }
        if Screen.hasTerminal {
            Screen.write("\r\u{1B}[K\(text)" + (done == total ? "\n" : ""), to: STDERR_FILENO)
        } else {
            Screen.note(text)
        }
    }
}

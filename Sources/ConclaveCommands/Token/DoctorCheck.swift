// SPDX-License-Identifier: Apache-2.0
import Documents
import Token

/// One thing that `token doctor` looked at: how it is, in one line, and what to do about it.
struct DoctorCheck: Equatable {
    /// How a thing is.
    enum State: String {
        /// It is as it must be.
        case ok
        /// It works, and somebody should look at it.
        case warn
        /// A ceremony would fail or be in danger.
        case fail = "FAIL"
        /// It could not be looked at, since something before it failed or nobody asked for it.
        case skip
    }

    let state: State
    /// What was looked at.
    let subject: String
    /// How it is.
    let finding: String
    /// What to do; nil where there is nothing to be done.
    let advice: String?

    init(_ state: State, _ subject: String, _ finding: String, advice: String? = nil) {
        self.state = state
        self.subject = subject
        self.finding = finding
        self.advice = advice
    }

    /// What failed, with its rule, and what to do.
    init(_ subject: String, _ error: TokenError, as state: State = .fail) {
        self.init(state, subject, error.lineWithRule, advice: error.hint)
    }

    /// The check as a line.
    var line: String {
        let mark = state.rawValue.padded(to: 5)
        return "\(mark) \(subject): \(finding)" + (advice.map { "; to do: \($0)" } ?? "")
    }

    /// The check as a program reads it.
    var json: JSONText {
        .object(
            [
                ("state", .string(state.rawValue.lowercased())), ("subject", .string(subject)),
                ("finding", .string(finding)),
            ] + (advice.map { [("advice", .string($0))] } ?? []))
    }
}

extension String {
    /// The text with blanks behind it, so that what follows stands in one column.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

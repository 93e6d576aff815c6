// SPDX-License-Identifier: Apache-2.0
import Documents

/// What a check found, in the order in which it looked.
struct Findings: Hashable, Sendable {
    /// The findings.
    private(set) var all: [Finding] = []

    /// The faults among them.
    var faults: [Finding] { all.filter { $0.level == .fault } }
    /// Whether nothing is wrong.
    var isSound: Bool { faults.isEmpty }

    /// Notes that something was checked and is well.
    mutating func ok(_ message: String) {
        all.append(Finding(level: .ok, subject: nil, message: message, rule: nil))
    }

    /// Notes what the reader should know.
    mutating func note(_ message: String) {
        all.append(Finding(level: .note, subject: nil, message: message, rule: nil))
    }

    /// Notes what the reader must do.
    mutating func warn(_ message: String) {
        all.append(Finding(level: .warning, subject: nil, message: message, rule: nil))
    }

    /// Notes a fault of the file `subject`.
    mutating func fail(_ subject: String?, _ rule: RuleID, _ message: String) {
        all.append(Finding(level: .fault, subject: subject, message: message, rule: rule))
    }

    /// Notes each violation as a fault of the file `subject`.
    mutating func fail(_ subject: String?, _ violations: Violations) {
        for violation in violations.all {
            let place = violation.line.map { "line \($0): " } ?? ""
            fail(subject, violation.rule, place + violation.message)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc

/// A call of the system that failed, so that no verdict can be given.
struct MachineFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call.
    let operation: String
    /// What it was to work on.
    let path: String
    /// The system's number for the reason.
    let number: Int32

    /// Names a call that failed.
    init(_ operation: String, _ path: String, _ number: Int32) {
        self.operation = operation
        self.path = path
        self.number = number
    }

    /// The fault as one line: `open "bundle/COMPLETE": Permission denied`.
    var description: String {
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) }
        return "\(operation) \(quoted(path, limit: 1_000)): \(reason ?? "error \(number)")"
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents
import Glibc

/// A refusal or fault of the runner's own; the modules below throw theirs as they are.
public enum RunnerError: Error, CustomStringConvertible {
    /// Something that rules refuse: a file or object, and all that is wrong with it.
    case refused(subject: String, [Violation])
    /// Something that is not what it must be, by rules: an object, and all that is wrong with it.
    case altered(subject: String, [Violation])
    /// The home is not there, or not one.
    case noHome(String)
    /// The home is there already.
    case homeExists(String)
    /// A draft of the home is there already.
    case draftExists(String)
    /// A system call failed.
    case system(String, number: Int32)
    /// A program that was run failed.
    case program(String, detail: String)
    /// The home's ledger, or what stands beside it, is not what it must be.
    case damaged(String)
    /// Something else is not what it must be: a signature, an export.
    case unsound(String)

    /// The fault as one line, or one for each violation.
    public var description: String {
        switch self {
        case .refused(let subject, let violations), .altered(let subject, let violations):
            violations.map { "\(subject): \($0)" }.joined(separator: "\n")
        case .noHome(let path): "there is no home at \"\(path)\""
        case .homeExists(let path): "there is a home at \"\(path)\" already"
        case .draftExists(let path): "there is a draft at \"\(path)\" already"
        case .system(let call, let number): "\(call): \(unsafe String(cString: strerror(number)))"
        case .program(let name, let detail): "\(name) failed: \(detail)"
        case .damaged(let what), .unsound(let what): what
        }
    }
}

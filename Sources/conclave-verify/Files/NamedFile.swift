// SPDX-License-Identifier: Apache-2.0
import Documents

/// A file that a person named on the command line, read whole.
struct NamedFile: Sendable {
    /// The path as it was given.
    let path: String
    /// The contents.
    let contents: [UInt8]

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// - Throws: `MachineFault` where the system does not let it be read, `RefusedFile` where it is
    ///   none that is read.
    init(_ path: String, limit: Int) throws {
        let handle = try FileHandle.file(path)
        let (kind, length) = try handle.kindAndLength(path: path)
        guard kind == .regular else {
            throw RefusedFile(path, .plainFile, "it is \(kind.rawValue), not a regular file")
        }
        guard let contents = try handle.contents(length: length, limit: limit, path: path)
        else {
            throw RefusedFile(path, .plainFile, "it has more than \(limit) bytes")
        }
        self.path = path
        self.contents = contents
    }
}

/// A file that a person named and that is not what it should be.
struct RefusedFile: Error, Hashable, Sendable {
    /// The file.
    let path: String
    /// Why it is refused.
    let violations: Violations

    /// Refuses a file for all that is wrong with it.
    init(_ path: String, _ violations: Violations) {
        self.path = path
        self.violations = violations
    }

    /// Refuses a file for one reason.
    init(_ path: String, _ rule: RuleID, _ message: String) {
        self.init(path, Violations(Violation(rule, message)))
    }

    /// The reasons, one a line.
    var lines: [String] {
        violations.all.map { "\(shownPath(path)): \(shownText($0.description))" }
    }
}

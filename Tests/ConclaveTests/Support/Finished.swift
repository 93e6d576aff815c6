// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// A command line that was run to its end.
struct Finished {
    /// What was typed.
    let line: String
    /// How it ended.
    let status: Subprocess.Status
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String

    /// The lines of the output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// The errors, with each time of day as TIME and each 64-digit digest as DIGEST.
    var refusal: String { errors.withoutTimes }
    /// Both streams.
    var all: String { output + errors }
}

/// A command line that did not end as it must.
struct EndedOtherwise: Error, CustomStringConvertible {
    let finished: Finished
    let expected: Subprocess.Status

    var description: String {
        "\(finished.line)\nended with \(finished.status), not \(expected), and wrote:\n\(finished.all)"
    }
}

extension String {
    /// The text with each time of day as TIME.
    var withoutTimes: String {
        replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME")
    }

    /// What stands between `opening` and the end of its line, at the first place.
    func value(after opening: String) -> String? {
        guard let found = firstRange(of: opening) else { return nil }
        return String(self[found.upperBound...].prefix { $0 != "\n" })
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Spool

/// Lines for standard output, written some at a time.
struct OutputLines: ~Copyable {
    private var text = ""

    /// Adds a line.
    mutating func add(_ line: String) {
        if !text.isEmpty { text += "\n" }
        text += line
        if text.utf8.count > 32_768 { flush() }
    }

    /// Writes what has not been written.
    mutating func flush() {
        if !text.isEmpty { Screen.line(text) }
        text = ""
    }

    deinit {
        if !text.isEmpty { Screen.line(text) }
    }
}

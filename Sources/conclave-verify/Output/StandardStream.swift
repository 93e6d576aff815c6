// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where the program writes to: what is lost on the way is a fault, for a verdict may be lost.
enum StandardStream: Int32 {
    /// What was asked for.
    case output = 1
    /// What went wrong with the program itself.
    case errors = 2

    /// Writes a text and a line end.
    func write(line text: String) throws(MachineFault) {
        try write(text + "\n")
    }

    /// Writes a text.
    func write(_ text: String) throws(MachineFault) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(rawValue, $0.baseAddress, $0.count)
            }
            if count < 0 {
                let number = errno
                if number == EINTR { continue }
                throw MachineFault(
                    "write", self == .output ? "standard output" : "standard error", number)
            }
            rest = rest.dropFirst(count)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Synchronization

/// What is written for people: words on standard output, errors on standard error.
///
/// Whatever a name, an argument or a file of others put into a line, nothing in it steers the
/// terminal or hides.
enum Screen {
    /// Writes a line to standard output.
    static func line(_ text: String = "") { write(shown(text) + "\n", to: STDOUT_FILENO) }

    /// Writes text to standard output, without a line end.
    static func write(_ text: String) { write(shown(text), to: STDOUT_FILENO) }

    /// Writes an error: its first line after the program's name, the others as they are.
    static func error(_ lines: [String]) {
        for (place, line) in lines.enumerated() {
            let isDetail = place > 0 && line.hasPrefix("  ")
            write(shown(isDetail ? line : "conclave: \(line)") + "\n", to: STDERR_FILENO)
        }
    }

    /// Writes a remark to standard error.
    static func note(_ text: String) { write(shown(text) + "\n", to: STDERR_FILENO) }

    /// Writes text over the terminal's line, which stays open for the next.
    static func countdown(_ text: String) {
        write("\r\u{1B}[K" + shown(text), to: STDERR_FILENO)
    }

    /// Clears the line that a countdown stands in.
    static func endCountdown() { write("\r\u{1B}[K", to: STDERR_FILENO) }

    /// Text as a terminal may show it: what steers it or cannot be seen is written as `\u{1B}`.
    private static func shown(_ text: String) -> String {
        func isShown(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "\n" || SafeText.allows(scalar)
        }
        guard !text.unicodeScalars.allSatisfy(isShown) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isShown(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return result
    }

    /// Writes text as it is; what stops it on standard output is kept in ``fault``.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            let number = errno
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if number == EAGAIN {
                // Whoever shares the stream has made it one that does not wait.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&room, 1, -1)
            } else if number != EINTR {
                if descriptor == STDOUT_FILENO {
                    _ = firstFault.compareExchange(
                        expected: 0, desired: number, ordering: .relaxed)
                }
                return
            }
        }
    }

    private static let firstFault = Atomic<Int32>(0)

    /// The system's number for why standard output could not be written; nil where it could, or where
    /// its reader went away, who wanted no more.
    static var fault: Int32? {
        let number = firstFault.load(ordering: .relaxed)
        return number == 0 || number == EPIPE ? nil : number
    }

    /// Whether standard error is a terminal.
    static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Seconds of a clock that only goes forward.
func monotonicSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
}

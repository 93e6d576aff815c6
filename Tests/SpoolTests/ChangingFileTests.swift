// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

/// Files that somebody writes to while the spool is read.
@Suite("changing files", .timeLimit(.minutes(20)))
struct ChangingFileTests {
    /// Scans until a scan refuses the file, while a shell does `change` to "$1" again and again.
    private func scanUntilRefused(change: String) throws -> String {
        let directory = try TemporaryDirectory()
        let path = try directory.write("a.req", [UInt8](repeating: 0x61, count: 8 << 20))
        let null = try checked("/dev/null", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(null) }
        let writer = try Subprocess(
            "/bin/sh", ["-c", "while :; do \(change); done", "sh", path],
            input: null, output: null, errors: null)
        defer {
            kill(writer.id, SIGKILL)
            _ = try? writer.wait()
        }
        while true {
            let items = try SpoolDirectory(path: directory.path).scan(limit: 1 << 40)
            if case .refused(let refusal)? = items.first?.result { return refusal.description }
        }
    }

    @Test("a file that grows while it is read is refused")
    func growing() throws {
        let refusal = try scanUntilRefused(change: #"printf more >>"$1""#)
        #expect(refusal == #""a.req" changed while it was read (SPOOL-CHANGED)"#)
    }

    @Test("a file that is rewritten in place, to the same size, is refused")
    func rewritten() throws {
        let refusal = try scanUntilRefused(change: #"printf less 1<>"$1""#)
        #expect(refusal == #""a.req" changed while it was read (SPOOL-CHANGED)"#)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import Synchronization
import TestSupport
import Testing

/// Files that somebody writes to while the spool is read.
@Suite("changing files", .timeLimit(.minutes(10)))
struct ChangingFileTests {
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    /// Scans until a scan refuses the file, while another task does `change` again and again.
    private func scanUntilRefused(
        change: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let directory = try TemporaryDirectory()
        let path = try directory.write("a.req", [UInt8](repeating: 0x61, count: 8 << 20))
        let done = Flag()
        let writer = Task.detached {
            while !done.isSet.load(ordering: .relaxed) {
                change(path)
                await Task.yield()
            }
        }
        var refusal: SpoolRefusal?
        while refusal == nil {
            let items = try SpoolDirectory(path: directory.path).scan(limit: 1 << 40)
            if case .refused(let found)? = items.first?.result { refusal = found }
            await Task.yield()
        }
        done.isSet.store(true, ordering: .relaxed)
        await writer.value
        return refusal?.description ?? ""
    }

    @Test("a file that grows while it is read is refused")
    func growing() async throws {
        let refusal = try await scanUntilRefused { path in
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            _ = write(descriptor, "more", 4)
            close(descriptor)
        }
        #expect(refusal == #""a.req" changed while it was read (SPOOL-CHANGED)"#)
    }

    @Test("a file that is rewritten in place, to the same size, is refused")
    func rewritten() async throws {
        let refusal = try await scanUntilRefused { path in
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            _ = pwrite(descriptor, "less", 4, 4 << 20)
            close(descriptor)
        }
        #expect(refusal == #""a.req" changed while it was read (SPOOL-CHANGED)"#)
    }
}

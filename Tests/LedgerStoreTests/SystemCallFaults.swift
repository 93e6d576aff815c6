// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Glibc
import Synchronization

/// Steps in between SQLite and the system where files under one directory are written or cut.
enum SystemCallFaults {
    /// What happens at a call: it goes through, or fails with this `errno` after so many bytes.
    enum Outcome {
        case pass
        case fail(number: Int32, afterBytes: Int)
    }

    private struct Watch {
        let directory: String
        let decide: (_ call: Int) -> Outcome
        var calls = 0
    }

    private nonisolated(unsafe) static var watches: [Watch] = []
    private static let mutex = Mutex(())

    /// Runs `body`, and asks `decide` at each write to a file under `directory`, with the number of
    /// the call; returns how many there were.
    static func watching(
        _ directory: String, _ decide: @escaping (_ call: Int) -> Outcome, _ body: () throws -> Void
    ) rethrows -> Int {
        install()
        mutex.withLock { _ in watches.append(Watch(directory: directory, decide: decide)) }
        func end() -> Int {
            mutex.withLock { _ in
                let position = watches.firstIndex { $0.directory == directory }
                return position.map { watches.remove(at: $0).calls } ?? 0
            }
        }
        do { try body() } catch {
            _ = end()
            throw error
        }
        return end()
    }

    /// What is to happen at a call on `descriptor`.
    fileprivate static func outcome(_ descriptor: Int32) -> Outcome {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        guard length > 0 else { return .pass }
        let path = String(
            decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let found: (Int, (Int) -> Outcome)? = mutex.withLock { _ in
            let position = watches.firstIndex { path.hasPrefix($0.directory + "/") }
            guard let position else { return nil }
            watches[position].calls += 1
            return (watches[position].calls - 1, watches[position].decide)
        }
        return found.map { $0.1($0.0) } ?? .pass
    }

    private static func install() {
        let write: @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int = {
            descriptor, bytes, count in
            switch SystemCallFaults.outcome(descriptor) {
            case .pass: return Glibc.write(descriptor, bytes, count)
            case .fail(let number, let sent):
                if sent > 0 { _ = Glibc.write(descriptor, bytes, min(sent, count)) }
                errno = number
                return -1
            }
        }
        let writeAt: @convention(c) (Int32, UnsafeRawPointer?, Int, off_t) -> Int = {
            descriptor, bytes, count, offset in
            switch SystemCallFaults.outcome(descriptor) {
            case .pass: return pwrite(descriptor, bytes, count, offset)
            case .fail(let number, let sent):
                if sent > 0 { _ = pwrite(descriptor, bytes, min(sent, count), offset) }
                errno = number
                return -1
            }
        }
        let cut: @convention(c) (Int32, off_t) -> Int32 = { descriptor, length in
            switch SystemCallFaults.outcome(descriptor) {
            case .pass: return ftruncate(descriptor, length)
            case .fail(let number, _):
                errno = number
                return -1
            }
        }
        guard let system = sqlite3_vfs_find(nil) else { return }
        let set = system.pointee.xSetSystemCall
        _ = set?(system, "write", unsafeBitCast(write, to: sqlite3_syscall_ptr.self))
        for name in ["pwrite", "pwrite64"] {
            _ = set?(system, name, unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self))
        }
        _ = set?(system, "ftruncate", unsafeBitCast(cut, to: sqlite3_syscall_ptr.self))
    }
}

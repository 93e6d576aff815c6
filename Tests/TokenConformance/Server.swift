// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A program that serves a module, and can be ended and started again.
///
/// A shell watches over it: at the end of the shell's input, which comes with the end of this process
/// at the latest, it ends the program.
final class Server {
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private var running: (shell: Subprocess, input: Int32)?

    init(_ program: String, _ arguments: [String], environment: [String: String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the program, and waits until it is ready.
    func start(_ isReady: () -> Bool) throws {
        let nothing = try checked("open", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(nothing) }
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try checked("socketpair", socketpair(AF_UNIX, kind, 0, &ends))
        defer { close(ends[0]) }
        let shell = try Subprocess(
            "/bin/sh", ["-c", "\"$@\" & read -r _; kill -9 $!; wait", "sh", program] + arguments,
            environment: environment, input: ends[0], output: nothing, errors: nothing)
        running = (shell, ends[1])
        for _ in 0..<4000 {
            if isReady() { return }
            usleep(5_000)
        }
        throw CheckFailure("\(program) does not start")
    }

    /// Ends the program, and those that it has started.
    func stop() throws {
        guard let (shell, input) = running else { return }
        running = nil
        for child in Self.descendants(of: shell.id) { kill(child, SIGKILL) }
        close(input)
        _ = try shell.wait()
    }

    /// Whether somebody listens on a Unix socket.
    static func isListening(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func descendants(of parent: pid_t) -> [pid_t] {
        let path = "/proc/\(parent)/task/\(parent)/children"
        let bytes = (try? contents(ofFile: path)) ?? []
        let children = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            .compactMap { pid_t($0) }
        return children + children.flatMap { descendants(of: $0) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A program started by a test, and what came of it.
public struct Subprocess: Sendable {
    /// How a program ended.
    public enum Status: Equatable, Sendable {
        /// It left by itself, with this status.
        case exited(Int32)
        /// It was killed by this signal.
        case signaled(Int32)
    }

    /// What a program that has ended left.
    public struct Outcome: Sendable {
        /// How it ended.
        public let status: Status
        /// What it wrote to standard output, as bytes.
        public let outputBytes: [UInt8]
        /// What it wrote to standard error, as text.
        public let errors: String

        /// What it wrote to standard output, as text.
        public var output: String { String(decoding: outputBytes, as: UTF8.self) }
    }

    /// The process ID, as long as nobody has waited for it.
    public let id: pid_t

    /// Starts `program`, an absolute path, with the three standard descriptors given.
    ///
    /// Without an `environment` it inherits the test's own.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil,
        input: Int32, output: Int32, errors: Int32
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (source, target) in [(input, 0), (output, 1), (errors, 2)] as [(Int32, Int32)] {
            posix_spawn_file_actions_adddup2(&actions, source, target)
        }
        // Threads of the test runner block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var list = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment?.map { strdup("\($0.key)=\($0.value)") } ?? []
        variables.append(nil)
        defer { for pointer in list + variables { free(pointer) } }
        var child: pid_t = 0
        let result =
            environment == nil
            ? posix_spawn(&child, program, &actions, &attributes, &list, environ)
            : posix_spawn(&child, program, &actions, &attributes, &list, &variables)
        guard result == 0 else { throw SystemCallError(program, result) }
        id = child
    }

    /// Waits for the program's end.
    public func wait() throws -> Status {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { throw SystemCallError("waitpid") }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
    }

    /// Runs `program` to its end; what it writes goes through files, so that nothing can block.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil,
        input: [UInt8] = []
    ) throws -> Outcome {
        let streams = try (0..<3).map { _ in try scratchFile() }
        defer { for stream in streams { close(stream) } }
        guard write(streams[0], input, input.count) == input.count else {
            throw SystemCallError("write")
        }
        lseek(streams[0], 0, SEEK_SET)
        let status = try Subprocess(
            program, arguments, environment: environment,
            input: streams[0], output: streams[1], errors: streams[2]
        ).wait()
        return Outcome(
            status: status, outputBytes: try contents(ofDescriptor: streams[1]),
            errors: String(decoding: try contents(ofDescriptor: streams[2]), as: UTF8.self))
    }

    /// A file without a name.
    private static func scratchFile() throws -> Int32 {
        var template = Array("/tmp/conclave-stream-XXXXXX".utf8CString)
        let descriptor = try checked("mkstemp", mkstemp(&template))
        unlink(template)
        // A child gets copies, under its own three numbers.
        try checked("fcntl", fcntl(descriptor, F_SETFD, FD_CLOEXEC))
        return descriptor
    }

    private static func contents(ofDescriptor descriptor: Int32) throws -> [UInt8] {
        try TestSupport.contents(ofFile: "/proc/self/fd/\(descriptor)")
    }
}

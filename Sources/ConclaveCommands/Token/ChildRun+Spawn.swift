// SPDX-License-Identifier: Apache-2.0
import Glibc

extension ChildRun {
    /// The name under which the child runs.
    private static let name = "conclave-probe"

    /// Starts this program with `arguments`.
    static func spawn(
        _ arguments: [String], report: ChildPipe, noise: ChildPipe
    ) throws(ChildFailure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // In this order: the noise's end may have the number that the report is to get.
        unsafe posix_spawn_file_actions_adddup2(&actions, noise.writer, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, noise.writer, STDERR_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, report.writer, reportDescriptor)
        // A thread of ours may block signals, and this program ignores SIGPIPE.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var pipe = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &pipe)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var list = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for place in unsafe list.indices { unsafe free(list[place]) } }
        var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { for place in unsafe variables.indices { unsafe free(variables[place]) } }
        var child = pid_t()
        let failure = unsafe posix_spawn(
            &child, "/proc/self/exe", &actions, &attributes, &list, &variables)
        guard failure == 0 else { throw ChildFailure(call: "posix_spawn", number: failure) }
        return child
    }

    /// Our own environment; the child's crash is told by us, and not in a hundred lines by it.
    private static var environment: [String] {
        var lines: [String] = []
        var next = unsafe environ
        while let line = unsafe next.pointee {
            unsafe lines.append(String(cString: line))
            unsafe next += 1
        }
        return lines.filter { !$0.hasPrefix("SWIFT_BACKTRACE=") } + ["SWIFT_BACKTRACE=enable=no"]
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Runs another program and waits for it; it shares terminal and error output.
enum Subprocess {
    /// Runs `arguments`, found along PATH, with `environment` added, and answers the exit status.
    ///
    /// The program is spawned, never forked: a token's module may be loaded here.
    ///
    /// - Throws: `RunnerError` where it cannot be started.
    static func run(_ arguments: [String], adding environment: [String] = []) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // What the program says goes to the error output: ours is for our own words.
        unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1)
        // A thread of ours may block signals, and this program ignores SIGPIPE: neither is for others.
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
        let inherited = currentEnvironment().filter { line in
            !environment.contains { $0.prefix { $0 != "=" } == line.prefix { $0 != "=" } }
        }
        let arguments = CStrings(arguments)
        let variables = CStrings(inherited + environment)
        var child = pid_t()
        let failure = unsafe posix_spawnp(
            &child, arguments.first, &actions, &attributes, arguments.pointers, variables.pointers)
        guard failure == 0 else {
            throw RunnerError.program(
                "starting \(arguments.name)", detail: unsafe String(cString: strerror(failure)))
        }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw RunnerError.system("waitpid", number: errno) }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }

    private static func currentEnvironment() -> [String] {
        var lines: [String] = []
        var next = unsafe environ
        while let line = unsafe next.pointee {
            unsafe lines.append(String(cString: line))
            unsafe next += 1
        }
        return lines
    }
}

/// Strings as C takes them: a list of pointers that ends with nil.
@safe private final class CStrings {
    let name: String
    private(set) var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        name = strings.first ?? ""
        unsafe pointers = strings.map { unsafe strdup($0) } + [nil]
    }

    var first: String { name }

    deinit {
        for place in unsafe pointers.indices { unsafe free(pointers[place]) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory of this test process, removed when the process ends, and programs run in it.
public enum Workspace {
    /// The directory's path.
    public static let path: String = {
        var template = Array("/tmp/conclave-token-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("no directory for the tests") }
        let path = String(cString: made)
        atexit { Workspace.run(["rm", "-rf", Workspace.path]) }
        return path
    }()

    /// The package's own directory.
    public static let package = #filePath.split(separator: "/").dropLast(4)
        .reduce(into: "") { $0 += "/" + $1 }

    /// Runs a program to its end; without it nothing that follows would make sense.
    public static func run(_ arguments: [String], environment: [String] = []) {
        let status = withCStrings(arguments) { argv in
            withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin"] + environment) { envp in
                spawn(argv, envp)
            }
        }
        if status != 0 {
            fatalError("\(arguments) ended with status \(status); see \(path)/output")
        }
    }

    /// Writes a small file; its path.
    public static func write(_ name: String, _ text: String) -> String {
        let file = "\(path)/\(name)"
        guard let stream = fopen(file, "w") else { fatalError("cannot write \(file)") }
        fputs(text, stream)
        fclose(stream)
        return file
    }

    private typealias CStrings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (CStrings) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { fatalError("no strings") }
            return body(base)
        }
    }

    private static func spawn(_ argv: CStrings, _ envp: CStrings) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, "\(path)/output", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pid = pid_t()
        guard let program = argv[0],
            posix_spawnp(&pid, program, &actions, nil, argv, envp) == 0
        else { return -1 }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status
    }
}

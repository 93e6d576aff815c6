// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A temporary directory in which the programs of the system work; it goes with the value.
final class Workshop {
    let path: String

    init() throws {
        var template = Array("/tmp/conclave-formats-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NotRead(path: "/tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = try? run("rm", "-rf", path)
    }

    /// Writes a file and returns its path.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(path)/\(name)"
        guard let file = fopen(path, "wb") else { throw NotRead(path: path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw NotRead(path: path) }
        return path
    }

    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    /// Runs a program in UTC and plain English; `input` is the path of its standard input.
    func run(_ arguments: String..., input: String = "/dev/null") throws -> Finished {
        try run(arguments, input: input)
    }

    /// Runs a program that has to succeed, and returns its output.
    @discardableResult
    func expect(_ arguments: [String], input: String = "/dev/null") throws -> [UInt8] {
        let finished = try run(arguments, input: input)
        guard finished.status == 0 else {
            throw Failed(arguments: arguments, message: finished.all)
        }
        return finished.output
    }

    private func run(_ arguments: [String], input: String) throws -> Finished {
        let out = "\(path)/.out-\(arguments.hashValue)"
        let error = "\(path)/.err-\(arguments.hashValue)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let settings = ["PATH=/usr/bin:/bin", "TZ=UTC", "LC_ALL=C", "HOME=\(path)"]
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) }
        argv.append(nil)
        environment.append(nil)
        defer { for pointer in argv + environment { free(pointer) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, arguments[0], &actions, nil, &argv, &environment) == 0 else {
            throw NotRead(path: arguments[0])
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else { throw NotRead(path: arguments[0]) }
        }
        return Finished(status: status, output: try readFile(out), error: try readFile(error))
    }
}

/// A program that had to succeed did not.
struct Failed: Error {
    let arguments: [String]
    let message: String
}

/// What a program left when it ended.
struct Finished {
    /// As `waitpid` gives it; zero for success.
    let status: Int32
    let output: [UInt8]
    let error: [UInt8]

    /// The output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
    /// The lines of the output, without the spaces around them.
    var lines: [String] {
        text.split(separator: "\n").map { line in
            String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
    /// Both streams, for messages.
    var all: String { text + String(decoding: error, as: UTF8.self) }
}

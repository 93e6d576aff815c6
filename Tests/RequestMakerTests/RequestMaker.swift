// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

/// The script, and what it takes to run and to judge it.
struct RequestMaker {
    /// What ssh-keygen is told for each kind of key that needs no token.
    static let keyTypes = [
        ["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"], ["-t", "ecdsa", "-b", "384"],
        ["-t", "ecdsa", "-b", "521"], ["-t", "rsa", "-b", "2048"],
    ]

    /// The package's directory, found from this file.
    let root: String
    /// The script's path.
    var script: String { root + "/Ceremony/Requests/make-request.sh" }

    init(file: String = #filePath) {
        root = "/" + file.split(separator: "/").dropLast(3).joined(separator: "/")
    }

    /// An environment with no agent in it.
    private func environment(_ temporary: String) -> [String: String] {
        ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TMPDIR": temporary]
    }

    /// Runs the script by dash.
    func run(
        _ arguments: [String], temporary: String, environment: [String: String] = [:]
    ) throws -> Subprocess.Outcome {
        let all = self.environment(temporary).merging(environment) { $1 }
        return try Subprocess.run("/bin/dash", [script] + arguments, environment: all)
    }

    /// Makes a key without a passphrase.
    func generateKey(_ path: String, type: [String] = ["-t", "ed25519"]) throws {
        let arguments = ["-q", "-N", "", "-C", "a comment", "-f", path]
        let outcome = try Subprocess.run("/usr/bin/ssh-keygen", type + arguments)
        try #require(outcome.status == .exited(0), "\(outcome.errors)")
    }

    /// Compiles the token in software, and answers the path that ssh-keygen takes as its provider.
    func buildProvider(in directory: TemporaryDirectory) throws -> String {
        let outcome = try Subprocess.run(
            "/bin/sh", [root + "/Tests/Support/build.sh", directory.file("support")])
        try #require(outcome.status == .exited(0), "\(outcome.errors)")
        return directory.file("support/sk-provider.so")
    }

    /// Type and base64 of a public key.
    func publicKey(_ path: String) throws -> String {
        String(decoding: try contents(ofFile: path + ".pub"), as: UTF8.self)
            .split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// What ssh-keygen says of the request's signature, its fingerprint included.
    func verdict(of request: SplitRequest, in directory: TemporaryDirectory) throws -> String {
        try directory.write("text", request.text)
        let signature = try directory.write("text.sig", request.armor)
        return try Subprocess.run(
            "/usr/bin/ssh-keygen",
            ["-Y", "check-novalidate", "-n", "conclave-request-v1", "-s", signature],
            input: request.text
        ).output
    }

    /// Runs `body` with the variables by which an agent is found that holds the key.
    func withAgent<Result>(
        holding key: String, in directory: TemporaryDirectory,
        _ body: ([String: String]) throws -> Result
    ) throws -> Result {
        let socket = directory.file("agent")
        let null = try checked("open", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(null) }
        let agent = try Subprocess(
            "/usr/bin/ssh-agent", ["-D", "-a", socket], input: null, output: null, errors: null)
        defer {
            kill(agent.id, SIGTERM)
            _ = try? agent.wait()
        }
        while access(socket, F_OK) != 0 { usleep(1000) }
        let variables = ["SSH_AUTH_SOCK": socket]
        let added = try Subprocess.run(
            "/usr/bin/ssh-add", ["-q", key], environment: variables)
        try #require(added.status == .exited(0), "\(added.errors)")
        return try body(variables)
    }

    /// Puts a script in the place of ssh-keygen, and answers the PATH in which it comes first.
    func replaceKeygen(in directory: TemporaryDirectory, _ body: String) throws -> String {
        try checked("mkdir", mkdir(directory.file("bin"), 0o700))
        let path = try directory.write("bin/ssh-keygen", "#!/bin/sh\n\(body)\n")
        try checked("chmod", chmod(path, 0o700))
        return "\(directory.file("bin")):/usr/bin:/bin"
    }

    /// Stops the script by a signal while it waits for a signature that never comes.
    func stop(
        _ arguments: [String], with signal: Int32, temporary: TemporaryDirectory
    ) throws -> Subprocess.Status {
        // It tells that it was asked, and is stopped with the script, as by a terminal.
        let marker = temporary.file("signing")
        let path = try replaceKeygen(
            in: temporary, "echo $PPID >'\(marker)'\nexec sleep 60")
        let null = try checked("open", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(null) }
        var variables = environment(temporary.path)
        variables["PATH"] = path
        let child = try Subprocess(
            "/usr/bin/setsid", ["/bin/dash", script] + arguments, environment: variables,
            input: null, output: null, errors: null)
        var status = stat()
        while stat(marker, &status) != 0 || status.st_size == 0 { usleep(1000) }
        kill(-child.id, signal)
        return try child.wait()
    }
}

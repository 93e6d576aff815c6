// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

/// A table to hold a ceremony at: a directory of its own, with a token, and all programs at hand.
///
/// Command lines run there as a person would type them. Everything goes with the object, the agents
/// that it started included.
final class Workbench {
    /// The PIN of every token here; no other text holds it.
    static let pin = "Zx9-no-text-holds-this-4711"

    let directory: TemporaryDirectory
    private let variables: [String: String]
    private var agents: [pid_t] = []

    /// Lays out an empty table, with these variables beside its own.
    init(adding more: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        for name in ["tokens", "officers", "people", "hosts", "spool", "outbox", "tmp"] {
            try checked(name, mkdir(directory.file(name), 0o700))
        }
        try directory.write("pin", Self.pin + "\n")
        try directory.write(
            "softhsm2.conf",
            """
            directories.tokendir = \(directory.file("tokens"))
            objectstore.backend = file
            log.level = ERROR
            slots.removable = false

            """)
        let helpers = try Programs.helpers.get()
        let variables = [
            "PATH": "\(Programs.directory):/usr/bin:/bin:/usr/sbin:/sbin", "HOME": directory.path,
            "TMPDIR": directory.file("tmp"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "SOFTHSM2_CONF": directory.file("softhsm2.conf"), "MODULE": Programs.softHSM,
            "SPY": Programs.spy, "SK": helpers + "/sk-provider.so",
            "HELPERS": helpers, "FAULTS": helpers + "/faults.so", "CLOCK": helpers + "/clock.so",
            "CONCLAVE_FAULT_PROGRAM": "conclave", "SOURCES": Programs.sources,
            "HUMBLY": Self.humbly,
            // No reader of this machine: a test that wants cards has a service of its own.
            "PCSCLITE_CSOCK_NAME": directory.file("no-pcscd"),
        ]
        self.variables = variables.merging(more) { $1 }
    }

    deinit {
        for agent in agents {
            kill(agent, SIGTERM)
            waitpid(agent, nil, 0)
        }
    }

    /// What to put before a command for which the permissions of files shall count, even for root.
    private static let humbly =
        geteuid() == 0
        ? "setpriv --bounding-set -dac_override,-dac_read_search "
            + "--inh-caps -dac_override,-dac_read_search"
        : ""

    /// Runs a line of the shell, which must succeed.
    @discardableResult
    func run(_ line: String) throws -> Finished {
        try end(line, with: .exited(0))
    }

    /// Runs a line of the shell, which must end with this exit status.
    @discardableResult
    func refuse(_ status: Int32, _ line: String) throws -> Finished {
        try end(line, with: .exited(status))
    }

    /// Runs a line of the shell to whatever end.
    func attempt(_ line: String) throws -> Finished {
        let outcome = try Subprocess.run(
            "/usr/bin/env", ["-C", directory.path, "/bin/sh", "-ec", line],
            environment: variables)
        return Finished(
            line: line, status: outcome.status, output: outcome.output, errors: outcome.errors)
    }

    private func end(_ line: String, with status: Subprocess.Status) throws -> Finished {
        let finished = try attempt(line)
        guard finished.status == status else {
            throw EndedOtherwise(finished: finished, expected: status)
        }
        return finished
    }

    /// Starts an agent, and answers what to put before a command that shall talk to it.
    func startAgent() throws -> String {
        let socket = directory.file("agent-\(agents.count)")
        let null = try checked("/dev/null", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(null) }
        let agent = try Subprocess(
            "/usr/bin/ssh-agent", ["-D", "-a", socket], environment: variables, input: null,
            output: null, errors: null)
        agents.append(agent.id)
        for _ in 0..<6000 where access(socket, F_OK) != 0 { usleep(10_000) }
        return "SSH_AUTH_SOCK=\(socket)"
    }

    /// The text of a file here.
    func text(_ name: String) throws -> String {
        String(decoding: try directory.read(name), as: UTF8.self)
    }

    /// The paths of all files below a directory here, sorted.
    func files(in name: String) throws -> [String] {
        try run("cd \(name) && find . ! -type d -printf '%P\\n' | LC_ALL=C sort").lines
    }
}

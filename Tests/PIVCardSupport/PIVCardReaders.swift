// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A PC/SC service of the test's own with one or two cards, for programs that the test runs.
///
/// pcscd, vpcd and the cards run in namespaces of their own: users where that is allowed, mounts,
/// network and processes. vpcd listens on all addresses, and pcscd's socket has one place: neither
/// meets those of other tests or of the machine. All of them end with the object, or with the test
/// process.
///
/// libpcsclite reads `PCSCLITE_CSOCK_NAME` once in a process: whatever speaks PC/SC must be a program
/// of its own, with ``environment``. vpcd gives two readers and no more to a service.
public final class PIVCardReaders: Sendable {
    /// The names of the two readers, the second of which may have no card.
    public static let readerNames = ["00 00", "00 01"].map { "Yubico YubiKey OTP+FIDO+CCID \($0)" }

    /// The directory of the service's and the cards' files.
    public let directory: TemporaryDirectory
    /// What tells each card what to do, in the order of the readers.
    public let cards: [PIVCardControl]
    /// The certificate of the root of all attestations, PEM.
    public var rootPath: String { PIVCardAuthority.rootPath }
    /// The variable that leads PC/SC programs here.
    public var variable: [String: String] {
        ["PCSCLITE_CSOCK_NAME": directory.file("run/pcscd.comm")]
    }
    /// The environment for a PC/SC program: the test's own and where the service is.
    public var environment: [String: String] {
        var environment: [String: String] = [:]
        for name in ["PATH", "HOME", "TMPDIR", "LANG"] {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        return environment.merging(variable) { $1 }
    }

    private static let port = 35_963

    private let room: Subprocess
    private let orders: Pipe
    private let answers: Pipe

    /// Starts the service and the cards; what is inserted has been seen when this returns.
    public init(_ settings: [PIVCardSettings] = [PIVCardSettings()]) throws {
        guard (1...2).contains(settings.count) else {
            throw PIVCardError("\(settings.count) cards for 2 readers")
        }
        let program = try PIVCardProgram.path()
        let directory = try TemporaryDirectory()
        self.directory = directory
        cards = settings.indices.map { PIVCardControl(path: directory.file("control-\($0)")) }
        mkdir(directory.file("run"), 0o700)
        try directory.write("reader.conf", Self.configuration)
        orders = try Pipe()
        answers = try Pipe()
        room = try PIVCardRoom.enter(
            directory: directory, orders: orders.reading, answers: answers.writing)
        orders.closeReading()
        answers.closeWriting()
        try startService()
        for (index, card) in settings.enumerated() {
            let words =
                [
                    program, "--state", directory.file("state-\(index)"),
                    "--vpcd", "\(Self.port + index)", "--control", cards[index].path,
                    "--authority", PIVCardAuthority.path,
                ] + card.arguments
            let line = words.map { "'\($0)'" }.joined(separator: " ")
            try orders.write("\(line) 2>>\(directory.file("errors")) &\n")
            guard try answers.readLine() == "ready" else { throw PIVCardError(explanation()) }
        }
        for (index, card) in settings.enumerated() where card.isInserted {
            try awaitSeen(cards[index])
        }
    }

    deinit {
        // The shell is the first process of its namespace: with it all others end.
        orders.closeWriting()
        _ = try? room.wait()
    }

    /// The card's file, which another card may be inserted from.
    public func statePath(_ index: Int) -> String { directory.file("state-\(index)") }

    /// Starts pcscd, which may have been stopped.
    public func startService() throws {
        try orders.write(
            """
            \(PIVPrograms.pcscd) --foreground --debug -c \(directory.file("reader.conf")) \
            </dev/null >>\(directory.file("pcscd.log")) 2>&1 & service=$!

            """)
    }

    /// Stops pcscd, as if it had crashed; the cards wait for the next one.
    public func stopService() throws {
        try orders.write("kill -9 $service; wait $service; rm -f /run/pcscd/*; echo stopped\n")
        guard try answers.readLine() == "stopped" else { throw PIVCardError(explanation()) }
    }

    /// Waits until pcscd has seen a card that was inserted.
    public func awaitSeen(_ card: PIVCardControl) throws {
        do {
            try card.awaitSeen()
        } catch {
            throw PIVCardError("\(error)\n\(explanation())")
        }
    }

    /// Whether each reader has a card, as pcscd tells OpenSC's tool.
    public func present() throws -> [Bool] {
        let outcome = try run("opensc-tool", ["-l"])
        return outcome.output.split(separator: "\n").dropFirst(2)
            .map { $0.split(separator: " ").dropFirst().first == "Yes" }
    }

    /// Waits until pcscd has seen that a reader is empty, for which it looks every 0.4 s.
    ///
    /// A card that is put in before is taken for the one that was there, and is not reset.
    public func awaitRemoved(_ index: Int = 0) throws {
        for _ in 0..<1000 {
            let present = try present()
            if present.indices.contains(index), !present[index] { return }
        }
        throw PIVCardError("reader \(index) is not empty\n\(explanation())")
    }

    /// Takes a card out, unless it has vanished already, and puts it in again, or the one of
    /// another file; pcscd has seen both when this returns.
    public func reinsert(_ index: Int = 0, statePath: String? = nil) throws {
        try cards[index].remove()
        try awaitRemoved(index)
        try cards[index].insert(statePath)
        try awaitSeen(cards[index])
    }

    /// Runs a program of `/usr/bin` with the environment of the service.
    public func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws
        -> Subprocess.Outcome
    {
        try Subprocess.run(
            program.hasPrefix("/") ? program : "/usr/bin/\(program)", arguments,
            environment: environment, input: input)
    }

    /// What the service and the cards wrote, for a test that cannot go on.
    private func explanation() -> String {
        ["errors", "pcscd.log"].map { name in
            let bytes = (try? directory.read(name)) ?? []
            return "\(name):\n" + String(decoding: bytes.suffix(4000), as: UTF8.self)
        }.joined(separator: "\n")
    }

    private static let configuration = """
        FRIENDLYNAME "Yubico YubiKey OTP+FIDO+CCID"
        DEVICENAME /dev/null:\(port)
        LIBPATH \(PIVPrograms.virtualReader)
        CHANNELID \(port)

        """
}

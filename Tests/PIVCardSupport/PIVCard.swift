// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A card of the test's own, to which programs speak over a Unix socket, without pcscd.
///
/// The card ends with the object, and its directory goes.
public final class PIVCard: Sendable {
    /// The directory of its files, and of what else the test wants to put there.
    public let directory: TemporaryDirectory
    /// Where the card listens.
    public var socketPath: String { directory.file("socket") }
    /// The card's file, which another card may be inserted from.
    public var statePath: String { directory.file("state") }
    /// The certificate of the root of its attestations, PEM; all cards of the tests share it.
    public var rootPath: String { PIVCardAuthority.rootPath }
    /// What tells the card what to do.
    public let control: PIVCardControl

    private let process: Subprocess

    /// Starts a card; it listens when this returns.
    public init(_ settings: PIVCardSettings = PIVCardSettings()) throws {
        directory = try TemporaryDirectory()
        control = PIVCardControl(path: directory.file("control"))
        let ready = try Pipe()
        defer { ready.closeBoth() }
        let errors = try checked(
            "open",
            open(directory.file("errors"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        defer { close(errors) }
        let nothing = try checked("open", open("/dev/null", O_RDONLY | O_CLOEXEC))
        defer { close(nothing) }
        process = try Subprocess(
            try PIVCardProgram.path(),
            [
                "--state", directory.file("state"), "--listen", directory.file("socket"),
                "--control", directory.file("control"),
                "--authority", PIVCardAuthority.path,
            ] + settings.arguments,
            input: nothing, output: ready.writing, errors: errors)
        ready.closeWriting()
        guard try ready.readLine() == "ready" else {
            let text = String(decoding: try directory.read("errors"), as: UTF8.self)
            _ = try process.wait()
            throw PIVCardError("the card did not start: \(text)")
        }
    }

    deinit {
        kill(process.id, SIGTERM)
        _ = try? process.wait()
    }

    /// A connection to the card, as a reader has one.
    public func connect() throws -> PIVCardConnection { try PIVCardConnection(socketPath) }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import Token

/// A pseudo-terminal: the side that a person has.
private final class PseudoTerminal: Sendable {
    let person: Int32
    let path: String

    init() throws {
        person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // <asm-generic/ioctls.h>: TIOCSPTLCK unlocks the other side, TIOCGPTN tells its number.
        var isLocked: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(person, 0x4004_5431, &isLocked) == 0)
        try #require(ioctl(person, 0x8004_5430, &number) == 0)
        path = "/dev/pts/\(number)"
    }

    deinit { close(person) }

    var settings: termios {
        var settings = termios()
        tcgetattr(person, &settings)
        return settings
    }

    var echoes: Bool { settings.c_lflag & tcflag_t(ECHO) != 0 }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(person, bytes, bytes.count)
    }

    /// Waits until the program has turned the echo off and written the prompt.
    func waitForPrompt(_ prompt: String) -> String {
        var seen = ""
        while !seen.hasSuffix(prompt) || echoes { seen += read() }
        return seen
    }

    /// What the terminal shows.
    func read() -> String {
        var wanted = [pollfd(fd: person, events: Int16(POLLIN), revents: 0)]
        guard poll(&wanted, 1, 50) > 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = Glibc.read(person, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

/// Runs a prompt on a thread of its own; the result comes back through `finish`.
private final class Prompt: Sendable {
    private let result = Mutex<Result<PIN, TokenError>?>(nil)

    init(_ path: String, _ prompt: String) {
        let run: @Sendable () -> Void = { [self] in
            let answer: Result<PIN, TokenError>
            do throws(TokenError) {
                answer = .success(try PIN.read(fromTerminal: path, prompt: prompt))
            } catch {
                answer = .failure(error)
            }
            result.withLock { $0 = answer }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Box(run: run)).toOpaque())
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    func finish() -> Result<PIN, TokenError> {
        while true {
            if let result = result.withLock({ $0 }) { return result }
            usleep(1000)
        }
    }
}

@Suite("PINs from a terminal", .serialized)
struct TerminalTests {
    @Test("the echo is off while the PIN is typed, and the terminal is put back")
    func echo() throws {
        let terminal = try PseudoTerminal()
        let before = terminal.settings
        #expect(terminal.echoes)
        let prompt = Prompt(terminal.path, "PIN of token \"ca\": ")
        #expect(terminal.waitForPrompt(": ") == "PIN of token \"ca\": ")
        #expect(!terminal.echoes)
        terminal.type("739113\n")
        let pin = try prompt.finish().get()
        #expect(PINTests.text(pin) == "739113")
        #expect(terminal.echoes)
        #expect(terminal.settings.c_lflag == before.c_lflag)
        #expect(terminal.settings.c_iflag == before.c_iflag)
        #expect(terminal.read() == "\r\n", "the line's end is all that is shown")
    }

    @Test("a mistyped character can be erased")
    func erase() throws {
        let terminal = try PseudoTerminal()
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        terminal.type("12\u{7F}3\n")
        #expect(PINTests.text(try prompt.finish().get()) == "13")
    }

    @Test("a line that is no PIN is refused, and the terminal is put back")
    func refused() throws {
        let terminal = try PseudoTerminal()
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        terminal.type("\n")
        #expect(throws: TokenError(.pinUnavailable, "PIN is empty")) {
            _ = try prompt.finish().get()
        }
        #expect(terminal.echoes)
    }

    @Test("the end of input is no PIN")
    func endOfInput() throws {
        let terminal = try PseudoTerminal()
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        terminal.type("\u{4}")
        #expect(throws: TokenError(.pinUnavailable, "terminal ended before the PIN did")) {
            _ = try prompt.finish().get()
        }
        #expect(terminal.echoes)
    }

    @Test("a signal puts the terminal back first, and is then delivered as ever")
    func signal() throws {
        let terminal = try PseudoTerminal()
        Self.delivered.store(0, ordering: .sequentiallyConsistent)
        Glibc.signal(SIGHUP) { number in
            TerminalTests.delivered.store(number, ordering: .sequentiallyConsistent)
        }
        defer { Glibc.signal(SIGHUP, SIG_DFL) }
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        kill(getpid(), SIGHUP)
        let expected = TokenError(
            .pinUnavailable, "PIN prompt was interrupted by signal \(SIGHUP)")
        #expect(throws: expected) { _ = try prompt.finish().get() }
        #expect(terminal.echoes)
        #expect(Self.delivered.load(ordering: .sequentiallyConsistent) == SIGHUP)
    }

    @Test("after a stop the question is asked anew")
    func stop() throws {
        let terminal = try PseudoTerminal()
        Self.delivered.store(0, ordering: .sequentiallyConsistent)
        Glibc.signal(SIGTSTP) { number in
            TerminalTests.delivered.store(number, ordering: .sequentiallyConsistent)
        }
        defer { Glibc.signal(SIGTSTP, SIG_DFL) }
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        terminal.type("99")
        kill(getpid(), SIGTSTP)
        #expect(terminal.waitForPrompt(": ") == "PIN: ")
        #expect(Self.delivered.load(ordering: .sequentiallyConsistent) == SIGTSTP)
        terminal.type("1234\n")
        #expect(PINTests.text(try prompt.finish().get()) == "1234")
        #expect(terminal.echoes)
    }

    @Test("a signal that the program ignores goes on being ignored")
    func ignoredSignal() throws {
        let terminal = try PseudoTerminal()
        Glibc.signal(SIGHUP, SIG_IGN)
        defer { Glibc.signal(SIGHUP, SIG_DFL) }
        let prompt = Prompt(terminal.path, "PIN: ")
        _ = terminal.waitForPrompt(": ")
        kill(getpid(), SIGHUP)
        terminal.type("1234\n")
        #expect(PINTests.text(try prompt.finish().get()) == "1234")
    }

    @Test("what is no terminal is refused")
    func noTerminal() {
        let null = #expect(throws: TokenError.self) {
            _ = try PIN.read(fromTerminal: "/dev/null", prompt: "PIN: ")
        }
        #expect(
            null?.description == "/dev/null is no terminal: Inappropriate ioctl for device")
        let absent = #expect(throws: TokenError.self) {
            _ = try PIN.read(fromTerminal: "/nonexistent", prompt: "PIN: ")
        }
        #expect(
            absent?.description
                == "no terminal to ask for the PIN: /nonexistent: No such file or directory")
    }

    private static let delivered = Atomic<Int32>(0)
}

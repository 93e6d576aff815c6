// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

extension PIN {
    /// Asks for the PIN on the controlling terminal, with its echo off.
    ///
    /// The terminal is put back as it was in every case: also when a signal ends or stops the
    /// program. After a stop the question is asked anew.
    ///
    /// - Throws: ``TokenError`` where there is no terminal or the line is no PIN.
    public static func readFromTerminal(prompt: String) throws(TokenError) -> PIN {
        try read(fromTerminal: "/dev/tty", prompt: prompt)
    }

    /// Asks on the terminal device at a path.
    static func read(fromTerminal path: String, prompt: String) throws(TokenError) -> PIN {
        try oneAtATime.withLock { _ throws(TokenError) in
            while true {
                switch try ask(path, prompt) {
                case .pin(let pin): return pin
                case .signal(let number):
                    guard SignalWatch.deliver(number) else {
                        throw TokenError(
                            .pinUnavailable, "PIN prompt was interrupted by signal \(number)")
                    }
                }
            }
        }
    }

    /// Terminal and signals belong to the whole program.
    private static let oneAtATime = Mutex(())

    private enum Answer {
        case pin(PIN)
        case signal(Int32)
    }

    private static func ask(_ path: String, _ prompt: String) throws(TokenError) -> Answer {
        let terminal = try SilentTerminal(path)
        let watch = try SignalWatch()
        let answer: Result<Answer, TokenError>
        do throws(TokenError) {
            try terminal.silence()
            try terminal.write(prompt)
            answer = .success(try readLine(terminal, watch))
        } catch {
            answer = .failure(error)
        }
        // In this order: a signal that comes now still finds the terminal put back.
        terminal.restore()
        watch.end()
        return try answer.get()
    }

    private static func readLine(
        _ terminal: borrowing SilentTerminal, _ watch: borrowing SignalWatch
    ) throws(TokenError) -> Answer {
        var line = try PINLine()
        while true {
            guard try terminal.waitForInput(or: watch.descriptor) else {
                if let signal = watch.signal { return .signal(signal) }
                continue
            }
            guard let byte = try terminal.readByte() else {
                throw TokenError(.pinUnavailable, "terminal ended before the PIN did")
            }
            if try line.addOrEnd(byte) { return .pin(try PIN(line)) }
        }
    }
}

/// A terminal whose echo is off until ``restore()``.
private struct SilentTerminal: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private let former: termios

    init(_ path: String) throws(TokenError) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw .pin("no terminal to ask for the PIN: \(path)", errno)
        }
        var settings = termios()
        guard unsafe tcgetattr(descriptor, &settings) == 0 else {
            let error = TokenError.pin("\(path) is no terminal", errno)
            Glibc.close(descriptor)
            throw error
        }
        former = settings
    }

    deinit { Glibc.close(descriptor) }

    borrowing func silence() throws(TokenError) {
        var settings = former
        settings.c_lflag &= ~tcflag_t(ECHO)
        settings.c_lflag |= tcflag_t(ECHONL | ICANON | ISIG)
        guard unsafe tcsetattr(descriptor, TCSAFLUSH, &settings) == 0 else {
            throw .pin("echo of \(path) cannot be turned off", errno)
        }
    }

    /// Puts the settings back, and throws away what was typed and not read.
    borrowing func restore() {
        var settings = former
        while unsafe tcsetattr(descriptor, TCSAFLUSH, &settings) != 0, errno == EINTR {}
    }

    borrowing func write(_ prompt: String) throws(TokenError) {
        var rest = Array(prompt.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw .pin("\(path) cannot be written", errno)
            }
        }
    }

    /// Waits; false where the other descriptor has something, or a signal came.
    borrowing func waitForInput(or other: Int32) throws(TokenError) -> Bool {
        var wanted = [
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&wanted, nfds_t(wanted.count), -1) >= 0 || errno == EINTR else {
            throw .pin("\(path) cannot be waited for", errno)
        }
        return wanted[0].revents == 0 && wanted[1].revents != 0
    }

    /// The next byte; nil at the end of input.
    borrowing func readByte() throws(TokenError) -> UInt8? {
        var byte: UInt8 = 0
        let count = unsafe Glibc.read(descriptor, &byte, 1)
        guard count >= 0 else { throw .pin("\(path) cannot be read", errno) }
        return count == 1 ? byte : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// What tells a card to do something: the control language of `Tests/Support/piv-card/README.md`.
///
/// Each command has a connection of its own, so one may wait while another acts.
public struct PIVCardControl: Sendable {
    /// The path of the control socket.
    public let path: String

    /// What a reader and a card said to each other.
    public struct Exchange: Equatable, Sendable {
        /// The bytes of the command, in hexadecimal digits.
        public let command: String
        /// The bytes of the answer with the status word; `nil` where none was sent.
        public let answer: String?

        /// What was said, in digits.
        public init(command: String, answer: String?) {
            self.command = command
            self.answer = answer
        }
    }

    /// The numbers of tries that are left.
    public struct Tries: Equatable, Sendable {
        /// Tries for the PIN.
        public let pin: Int
        /// Tries for the PUK.
        public let puk: Int

        /// So many tries.
        public init(pin: Int, puk: Int) {
            self.pin = pin
            self.puk = puk
        }
    }

    /// Sends a line; what the card says after `ok`, the lines before it first.
    @discardableResult
    public func send(_ line: String) throws -> [String] {
        let socket = try UnixSocket(path)
        guard try socket.send(Array("\(line)\n".utf8)) else {
            throw PIVCardError("\(line): the card has hung up")
        }
        var lines: [String] = []
        var rest: [UInt8] = []
        while true {
            let more = try socket.receive(atMost: 65_536)
            guard !more.isEmpty else {
                throw PIVCardError("\(line): the card has hung up after \(lines)")
            }
            rest += more
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let text = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                if text.hasPrefix("error") { throw PIVCardError("\(line): \(text)") }
                if text == "ok" { return lines }
                if text.hasPrefix("ok ") { return lines + [String(text.dropFirst(3))] }
                lines.append(text)
            }
        }
    }

    /// Puts the card in, or the one that lives in another file.
    public func insert(_ statePath: String? = nil) throws {
        try send(["insert", statePath].compactMap(\.self).joined(separator: " "))
    }

    /// Takes the card out.
    public func remove() throws { try send("remove") }

    /// Lets something go wrong with a command that is yet to come, such as `vanish-before ins 87`.
    public func fault(_ fault: String) throws { try send("fault \(fault)") }

    /// Takes back the faults that have not struck yet.
    public func clearFaults() throws { try send("fault clear") }

    /// Makes the card unlike others.
    public func quirk(_ name: String, _ value: String) throws { try send("quirk \(name) \(value)") }

    /// Touches the card, which must be waiting for it.
    public func touch() throws { try send("touch") }

    /// Waits until the card waits for a touch.
    public func awaitTouch() throws { try send("await touch") }

    /// Waits until a reader has seen the card.
    public func awaitSeen() throws { try send("await seen") }

    /// Waits until so many commands with the instruction have come, since the card's start.
    public func awaitCount(_ count: Int, instruction: UInt8) throws {
        try send("await ins \(String(instruction, radix: 16)) \(count)")
    }

    /// How many commands have come, or those with an instruction.
    public func count(instruction: UInt8? = nil) throws -> Int {
        let digits = instruction.map { " " + String($0, radix: 16) } ?? ""
        return try send("count\(digits)").last.flatMap { Int($0) } ?? 0
    }

    /// The tries that are left for PIN and PUK.
    public func tries() throws -> Tries {
        let words = try send("tries").joined().split(separator: " ")
        let left = words.compactMap { $0.split(separator: "/").first.flatMap { Int($0) } }
        guard left.count == 2 else { throw PIVCardError("tries: \(words)") }
        return Tries(pin: left[0], puk: left[1])
    }

    /// What was said since the start or the last ``clearLog()``, without what only pcscd asks.
    public func exchanges() throws -> [Exchange] {
        var exchanges: [Exchange] = []
        for line in try send("log").dropLast() {
            let text = String(line.dropFirst(2))
            if line.hasPrefix(">") {
                exchanges.append(Exchange(command: text, answer: nil))
            } else if line.hasPrefix("<"), let last = exchanges.popLast() {
                exchanges.append(Exchange(command: last.command, answer: text))
            }
        }
        return exchanges
    }

    /// Forgets what was said.
    public func clearLog() throws { try send("log clear") }
}

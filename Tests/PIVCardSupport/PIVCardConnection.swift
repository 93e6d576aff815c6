// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The way to a card that listens: the protocol of vpcd, a length in two bytes and so many bytes.
public final class PIVCardConnection: Sendable {
    private let socket: UnixSocket

    /// Connects to the card; its power is on then.
    public init(_ path: String) throws {
        socket = try UnixSocket(path)
    }

    private func send(_ message: [UInt8]) throws -> Bool {
        try socket.send([UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message)
    }

    private func receive() throws -> [UInt8]? {
        guard let length = try socket.receive(exactly: 2) else { return nil }
        return try socket.receive(exactly: Int(length[0]) << 8 | Int(length[1]))
    }

    /// The answer to a command with its status word; `nil` where the card is gone.
    public func transmit(_ command: [UInt8]) throws -> [UInt8]? {
        try send(command) ? try receive() : nil
    }

    /// The answer to a command, both in hexadecimal digits; blanks don't count.
    public func transmit(_ digits: String) throws -> String? {
        let plain = digits.filter { $0 != " " }
        var command: [UInt8] = []
        var rest = plain[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else {
                throw PIVCardError("not hexadecimal: \(digits)")
            }
            command.append(byte)
            rest = rest.dropFirst(2)
        }
        return try transmit(command)?
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Takes the card's power for a moment: it forgets who has logged in.
    public func reset() throws {
        guard try send([2]) else { throw PIVCardError("the card is gone") }
    }

    /// The bytes with which the card answers a reset.
    public func answerToReset() throws -> [UInt8]? {
        try send([4]) ? try receive() : nil
    }
}

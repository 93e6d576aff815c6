// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Token

@testable import PIVToken

/// A card that answers what a test says, and like a YubiKey where the test says nothing.
final class LyingTransport: CardTransport {
    /// What the test says of a command; nil where it says nothing.
    typealias Lie = @Sendable (_ command: [UInt8]) -> [UInt8]?

    /// How many commands came.
    final class Counter: Sendable {
        private let count = Mutex(0)

        var value: Int { count.withLock { $0 } }

        fileprivate func add() { count.withLock { $0 += 1 } }
    }

    let reader = "Lying Reader 00 00"
    let answerToReset = AnswerToReset(bytes("3BFD1300008131FE158073C021C057597562694B657940"))
    let isByteOriented = false
    private let counter: Counter
    private let lie: Lie

    init(_ counter: Counter, _ lie: @escaping Lie) {
        self.counter = counter
        self.lie = lie
    }

    /// Opens a token on such a card.
    static func open(
        _ counter: Counter = Counter(), _ lie: @escaping Lie
    ) async throws -> PIVToken {
        try await PIVToken.open(limits: Workbench.limits, observer: nil) {
            () throws(TokenError) in LyingTransport(counter, lie)
        }
    }

    func beginTransaction() throws(TokenError) {}

    func endTransaction() throws(TokenError) {}

    func transmit(_ command: [UInt8]) throws(TokenError) -> [UInt8] {
        counter.add()
        if let answer = lie(command) { return answer }
        switch command.dropFirst().first {
        case 0xA4: return bytes("61009000")
        case 0xFD: return bytes("0504039000")
        case 0xF8: return bytes("00bc614e9000")
        case 0x20: return bytes(command.count > 5 ? "9000" : "63c3")
        default: return bytes("6a82")
        }
    }

    func reconnect() throws(TokenError) {}

    func disconnect(reset: Bool) throws(TokenError) {}
}

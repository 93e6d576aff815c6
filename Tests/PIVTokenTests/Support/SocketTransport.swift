// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import Synchronization
import Token

@testable import PIVToken

/// The way to a simulated card without pcscd, with the errors that PC/SC would have for it.
final class SocketTransport: CardTransport {
    /// What a test sees and does from outside.
    final class Line: Sendable {
        private let state = Mutex(State())

        private struct State {
            var wasReset = false
            var calls: [String] = []
        }

        /// Lets the next transaction begin as after a reset by another program.
        func reset() { state.withLock { $0.wasReset = true } }

        /// The calls so far; commands by their instruction.
        var calls: [String] { state.withLock { $0.calls } }

        /// Forgets the calls so far.
        func clear() { state.withLock { $0.calls = [] } }

        fileprivate func note(_ call: String) { state.withLock { $0.calls.append(call) } }

        fileprivate var takesReset: Bool {
            state.withLock { state in
                defer { state.wasReset = false }
                return state.wasReset
            }
        }
    }

    let reader = "Simulated Reader 00 00"
    let answerToReset: AnswerToReset
    let isByteOriented: Bool
    private let connection: PIVCardConnection
    private let line: Line

    init(
        _ path: String, _ line: Line, answerToReset: [UInt8]? = nil, isByteOriented: Bool = false
    ) throws(TokenError) {
        do {
            connection = try PIVCardConnection(path)
            self.answerToReset = AnswerToReset(
                try answerToReset ?? connection.answerToReset() ?? [])
        } catch {
            throw Self.gone("SCardConnect")
        }
        self.line = line
        self.isByteOriented = isByteOriented
    }

    func beginTransaction() throws(TokenError) {
        line.note("begin")
        if line.takesReset {
            throw PCSCResult.error("SCardBeginTransaction", 0x8010_0068)
        }
    }

    func endTransaction() throws(TokenError) { line.note("end") }

    func transmit(_ command: [UInt8]) throws(TokenError) -> [UInt8] {
        line.note(Array(command.dropFirst().prefix(1)).hex)
        let answer: [UInt8]?
        do {
            answer = try connection.transmit(command)
        } catch {
            throw Self.gone("SCardTransmit")
        }
        guard let answer else { throw Self.gone("SCardTransmit") }
        return answer
    }

    func reconnect() throws(TokenError) {
        line.note("reconnect")
        do {
            try connection.reset()
        } catch {
            throw Self.gone("SCardReconnect")
        }
    }

    func disconnect(reset: Bool) throws(TokenError) {
        line.note(reset ? "disconnect+reset" : "disconnect")
        do {
            if reset { try connection.reset() }
        } catch {
            throw Self.gone("SCardDisconnect")
        }
    }

    private static func gone(_ operation: String) -> TokenError {
        PCSCResult.error(operation, 0x8010_0069)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import PIVCardSupport
import Synchronization
import TestSupport
import Testing
import Token

@testable import PIVToken

/// What a reader and a card said to each other, as a text: `>` and the bytes of a command, `<` and those
/// of the answer, in hexadecimal digits, `#` before remarks.
struct Transcript: Sendable {
    let answerToReset: [UInt8]
    let exchanges: [PIVCardControl.Exchange]

    /// Reads a file beside the tests.
    init(_ name: String) throws {
        let text = String(
            decoding: try contents(ofFile: Self.path(name)), as: UTF8.self)
        var exchanges: [PIVCardControl.Exchange] = []
        var reset: [UInt8] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let digits = String(line.dropFirst(2))
            if line.hasPrefix(">") {
                exchanges.append(PIVCardControl.Exchange(command: digits, answer: nil))
            } else if line.hasPrefix("<"), let last = exchanges.popLast() {
                exchanges.append(PIVCardControl.Exchange(command: last.command, answer: digits))
            } else if line.hasPrefix("*") {
                reset = bytes(digits)
            }
        }
        self.exchanges = exchanges
        answerToReset = reset
    }

    /// Writes a file beside the tests.
    static func write(
        _ name: String, _ remark: String, _ answerToReset: [UInt8],
        _ exchanges: [PIVCardControl.Exchange]
    ) throws {
        var text = "# SPDX-License-Identifier: Apache-2.0\n# \(remark)\n* \(answerToReset.hex)\n"
        for exchange in exchanges {
            text += "> \(exchange.command)\n"
            if let answer = exchange.answer { text += "< \(answer)\n" }
        }
        guard let file = fopen(path(name), "w") else { throw SystemCallError("fopen", errno) }
        fputs(text, file)
        fclose(file)
    }

    private static func path(_ name: String) -> String {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(folder)/Transcripts/\(name).txt"
    }
}

/// A card that answers as another one once did, and to nothing else.
final class ReplayTransport: CardTransport {
    let reader = "Replay"
    let answerToReset: AnswerToReset
    let isByteOriented = false
    private var rest: ArraySlice<PIVCardControl.Exchange>

    init(_ transcript: Transcript) {
        answerToReset = AnswerToReset(transcript.answerToReset)
        rest = transcript.exchanges[...]
    }

    deinit { #expect(rest.isEmpty, "\(rest.count) commands of the transcript were not sent") }

    func transmit(_ command: [UInt8]) throws(TokenError) -> [UInt8] {
        guard let next = rest.popFirst() else {
            throw TokenError(.other, "command \(command.hex) is not in the transcript")
        }
        guard next.command == command.hex else {
            throw TokenError(.other, "command \(command.hex) came, not \(next.command)")
        }
        return bytes(next.answer ?? "")
    }

    func beginTransaction() throws(TokenError) {}
    func endTransaction() throws(TokenError) {}
    func reconnect() throws(TokenError) {}
    func disconnect(reset: Bool) throws(TokenError) {}
}

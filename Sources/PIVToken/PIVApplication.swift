// SPDX-License-Identifier: Apache-2.0

import Token

/// The PIV application of a card that is connected: commands as values, in and out.
///
/// It knows how commands are cut to what the card takes and answers put together; what they are for
/// is in the extensions.
///
/// It is handed from the one who opens a card to the token, and used on the card's thread alone.
final class PIVApplication: @unchecked Sendable {
    let transport: any CardTransport
    let watch: CallWatch
    /// Whether another program may have selected something else, or taken the login away.
    var isDisturbed = true

    init(_ transport: any CardTransport, _ watch: CallWatch) {
        self.transport = transport
        self.watch = watch
    }

    /// How long commands go to the card.
    var form: CommandAPDU.Form {
        if transport.isByteOriented { return .byteOriented }
        return transport.answerToReset.takesExtendedLength ? .extended : .chained
    }

    /// Keeps other programs away from the card; takes the card up again where one reset it.
    func beginTransaction() throws(TokenError) {
        do throws(TokenError) {
            try watch.call(.call) { () throws(TokenError) in try transport.beginTransaction() }
        } catch {
            guard error.code == .notLoggedIn else { throw error }
            try reconnect()
        }
    }

    /// Takes the card up again after a reset, within a transaction.
    func reconnect() throws(TokenError) {
        isDisturbed = true
        try watch.call(.call) { () throws(TokenError) in try transport.reconnect() }
        try watch.call(.call) { () throws(TokenError) in try transport.beginTransaction() }
    }

    /// Lets other programs at the card again.
    ///
    /// Where that fails, the next transaction's beginning fails in the same way and says so.
    func endTransaction() {
        try? watch.call(.call) { () throws(TokenError) in try transport.endTransaction() }
    }

    /// Sends a command and gives the whole answer, whatever its status.
    func send(
        _ command: CommandAPDU, _ kind: CallWatch.Kind = .call
    ) throws(TokenError) -> ResponseAPDU {
        let pieces = command.encoded(form)
        for piece in pieces.dropLast() {
            let response = try exchange(piece, command.instruction, .call)
            guard response.status == .success else { return response }
        }
        guard let last = pieces.last else { return ResponseAPDU([], .success) }
        var response = try exchange(last, command.instruction, kind)
        if let length = response.status.expectedLength, pieces.count == 1,
            command.data.count <= 255
        {
            response = try exchange(
                command.encoded(expecting: length), command.instruction, kind)
        }
        return try completed(response, of: command.instruction)
    }

    /// Sends a command, and gives the data of an answer that says that it was carried out.
    func require(
        _ command: CommandAPDU, _ what: String, _ kind: CallWatch.Kind = .call
    ) throws(TokenError) -> [UInt8] {
        let response = try send(command, kind)
        guard response.status == .success else {
            throw Self.refusal(command.instruction, response.status, what)
        }
        return response.data
    }

    /// Sends a short command whose data is secret, and wipes the bytes.
    func sendSecret(
        _ instruction: Instruction, p1: UInt8 = 0, p2: UInt8, count: Int,
        _ fill: (inout [UInt8]) -> Void
    ) throws(TokenError) -> ResponseAPDU {
        var bytes: [UInt8] = []
        // Room for all of it at once: nothing is left behind in a smaller array.
        bytes.reserveCapacity(5 + count)
        bytes += [0, instruction.rawValue, p1, p2, UInt8(truncatingIfNeeded: count)]
        fill(&bytes)
        defer { bytes.wipe() }
        return try exchange(bytes, instruction, .call)
    }

    /// The error of a command that the card refused.
    static func refusal(
        _ instruction: Instruction, _ status: StatusWord, _ what: String,
        code: TokenError.Code? = nil, triesLeft: String? = nil, hint: String? = nil
    ) -> TokenError {
        TokenError(
            code ?? status.code, what, operation: instruction.name,
            status: UInt(status.rawValue), statusName: status.meaning, triesLeft: triesLeft,
            hint: hint)
    }

    /// The error of an answer that is not what the standard says.
    static func garbled(_ instruction: Instruction) -> TokenError {
        TokenError(
            .other, "the card's answer to \(instruction.name) is not understood",
            hint: "take the card out and put it in again; another reader may help")
    }

    private func exchange(
        _ bytes: [UInt8], _ instruction: Instruction, _ kind: CallWatch.Kind
    ) throws(TokenError) -> ResponseAPDU {
        let answer = try watch.call(kind) { () throws(TokenError) in try transport.transmit(bytes) }
        guard !answer.isEmpty else {
            // So a reader puts it whose card was pulled out in the middle.
            throw TokenError(
                .removed, "the card is gone: it gave no answer to \(instruction.name)",
                hint: "insert the card again, and open it anew")
        }
        guard let response = ResponseAPDU(bytes: answer) else { throw Self.garbled(instruction) }
        return response
    }

    /// Fetches what the card has still to say: 61xx.
    private func completed(
        _ first: ResponseAPDU, of instruction: Instruction
    ) throws(TokenError) -> ResponseAPDU {
        guard first.status.bytesLeft != nil else { return first }
        var data = first.data
        var status = first.status
        var pieces = 1
        while let count = status.bytesLeft {
            guard pieces < ResponseAPDU.maximumPieces else { throw Self.garbled(instruction) }
            pieces += 1
            let more = CommandAPDU(.getResponse).encoded(expecting: count)
            let response = try exchange(more, .getResponse, .call)
            guard !response.data.isEmpty,
                data.count + response.data.count <= ResponseAPDU.maximumLength
            else { throw Self.garbled(instruction) }
            data += response.data
            status = response.status
        }
        return ResponseAPDU(data, status)
    }
}

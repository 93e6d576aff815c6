// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Token

/// A card in a reader of pcscd's, shared with other programs between transactions.
final class PCSCTransport: CardTransport {
    let reader: String
    private(set) var answerToReset: AnswerToReset
    private let context: PCSCContext
    private let card: SCARD_HANDLE
    private var request: SCARD_REQUEST
    private var isConnected = true
    /// As long as the longest answer that any card gives at once, with its status word.
    private var buffer = [UInt8](repeating: 0, count: 65_536 + 2)

    private static let protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1

    /// Connects to the card in a reader.
    ///
    /// - Throws: ``Token/TokenError`` where there is none, or another program has it for itself.
    init(_ reader: String, in context: PCSCContext) throws(TokenError) {
        var card: SCARD_HANDLE = 0
        var activeProtocol: SCARD_NUMBER = 0
        try PCSCResult.check(
            "SCardConnect",
            unsafe SCardConnect(
                context.handle, reader, SCARD_SHARE_SHARED, Self.protocols, &card, &activeProtocol))
        self.reader = reader
        self.context = context
        self.card = card
        request = SCARD_REQUEST(dwProtocol: activeProtocol, cbPciLength: 16)
        answerToReset = AnswerToReset([])
        answerToReset = try status()
    }

    deinit {
        if isConnected { SCardDisconnect(card, SCARD_LEAVE_CARD) }
    }

    var isByteOriented: Bool { request.dwProtocol == SCARD_PROTOCOL_T0 }

    func beginTransaction() throws(TokenError) {
        try PCSCResult.check("SCardBeginTransaction", SCardBeginTransaction(card))
    }

    func endTransaction() throws(TokenError) {
        try PCSCResult.check("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD))
    }

    func transmit(_ command: [UInt8]) throws(TokenError) -> [UInt8] {
        var length = SCARD_NUMBER(buffer.count)
        let value = unsafe command.withUnsafeBufferPointer { command in
            guard let base = command.baseAddress else { return SCARD_E_NOT_TRANSACTED }
            return unsafe SCardTransmit(
                card, &request, base, SCARD_NUMBER(command.count), nil, &buffer, &length)
        }
        try PCSCResult.check("SCardTransmit", value)
        return Array(buffer.prefix(Int(clamping: length)))
    }

    func reconnect() throws(TokenError) {
        var activeProtocol: SCARD_NUMBER = 0
        try PCSCResult.check(
            "SCardReconnect",
            unsafe SCardReconnect(
                card, SCARD_SHARE_SHARED, Self.protocols, SCARD_LEAVE_CARD, &activeProtocol))
        request.dwProtocol = activeProtocol
        answerToReset = try status()
    }

    func disconnect(reset: Bool) throws(TokenError) {
        guard isConnected else { return }
        isConnected = false
        try PCSCResult.check(
            "SCardDisconnect", SCardDisconnect(card, reset ? SCARD_RESET_CARD : SCARD_LEAVE_CARD))
    }

    /// What the card said when it got power, as the reader has it now.
    private func status() throws(TokenError) -> AnswerToReset {
        var bytes = [UInt8](repeating: 0, count: SCARD_MAXIMUM_ATR)
        var length = SCARD_NUMBER(bytes.count)
        try PCSCResult.check(
            "SCardStatus", unsafe SCardStatus(card, nil, nil, nil, nil, &bytes, &length))
        return AnswerToReset(Array(bytes.prefix(Int(clamping: length))))
    }
}

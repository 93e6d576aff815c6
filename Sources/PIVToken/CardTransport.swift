// SPDX-License-Identifier: Apache-2.0

import Token

/// The way to a card that is connected: bytes there, bytes back.
///
/// Errors say what is wrong by their code: ``Token/TokenError/Code/removed`` where the card is gone,
/// and ``Token/TokenError/Code/notLoggedIn`` where another program reset it, so that
/// ``reconnect()`` is called for.
protocol CardTransport: AnyObject {
    /// The name of the reader.
    var reader: String { get }
    /// What the card said when it got power.
    var answerToReset: AnswerToReset { get }
    /// Whether the protocol is T=0.
    var isByteOriented: Bool { get }

    /// Keeps other programs away from the card until the transaction ends.
    func beginTransaction() throws(TokenError)
    /// Lets other programs at the card again.
    func endTransaction() throws(TokenError)
    /// Sends one command, and gives the answer with its status word.
    func transmit(_ command: [UInt8]) throws(TokenError) -> [UInt8]
    /// Takes up the card again after another program reset it.
    func reconnect() throws(TokenError)
    /// Lets go of the card; a reset takes its login away.
    func disconnect(reset: Bool) throws(TokenError)
}

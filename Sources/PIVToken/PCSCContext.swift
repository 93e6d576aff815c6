// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Token

/// A program's line to pcscd.
///
/// Each token has one of its own, so that none waits for another's card.
final class PCSCContext {
    let handle: SCARD_CONTEXT

    /// A reader, and what is in it.
    struct Reader {
        let name: String
        let isPresent: Bool
        /// Whether the card in it does not answer.
        let isMute: Bool
        let answerToReset: [UInt8]
    }

    /// Opens a line.
    ///
    /// - Throws: ``Token/TokenError`` where pcscd does not run.
    init() throws(TokenError) {
        var handle: SCARD_CONTEXT = 0
        try PCSCResult.check(
            "SCardEstablishContext",
            unsafe SCardEstablishContext(SCARD_SCOPE_SYSTEM, nil, nil, &handle))
        self.handle = handle
    }

    deinit { SCardReleaseContext(handle) }

    /// The readers that are connected, with what is in them.
    ///
    /// - Throws: ``Token/TokenError`` where there is none.
    func readers() throws(TokenError) -> [Reader] {
        var readers: [Reader] = []
        for name in try names() {
            if let reader = try state(name) { readers.append(reader) }
        }
        return readers
    }

    private func names() throws(TokenError) -> [String] {
        // A reader may come between the question for the length and that for the names.
        for _ in 0..<8 {
            var length: SCARD_NUMBER = 0
            try PCSCResult.check(
                "SCardListReaders", unsafe SCardListReaders(handle, nil, nil, &length))
            guard let count = Int(exactly: length), count <= 65_536 else {
                throw TokenError(.other, "pcscd has reader names of \(length) bytes")
            }
            var buffer = [CChar](repeating: 0, count: count)
            let value = unsafe SCardListReaders(handle, nil, &buffer, &length)
            if value == SCARD_E_INSUFFICIENT_BUFFER { continue }
            try PCSCResult.check("SCardListReaders", value)
            let bytes = buffer.prefix(Int(clamping: length)).map { UInt8(bitPattern: $0) }
            // Each name ends with a zero, and the list with one more.
            return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }
        throw TokenError(.other, "the list of readers never stays the same")
    }

    /// What is in a reader now; nil where the reader has gone.
    private func state(_ name: String) throws(TokenError) -> Reader? {
        var state = unsafe SCARD_READER_STATE()
        let value = unsafe name.withCString { text in
            unsafe state.szReader = text
            unsafe state.dwCurrentState = SCARD_STATE_UNAWARE
            return unsafe SCardGetStatusChange(handle, 0, &state, 1)
        }
        if value == SCARD_E_UNKNOWN_READER || value == SCARD_E_READER_UNAVAILABLE { return nil }
        if value != SCARD_E_TIMEOUT { try PCSCResult.check("SCardGetStatusChange", value) }
        let event = unsafe state.dwEventState
        let length = unsafe min(Int(clamping: state.cbAtr), SCARD_MAXIMUM_ATR)
        let bytes = unsafe withUnsafeBytes(of: &state.rgbAtr) { unsafe Array($0.prefix(length)) }
        return Reader(
            name: name, isPresent: event & SCARD_STATE_PRESENT != 0,
            isMute: event & SCARD_STATE_MUTE != 0, answerToReset: bytes)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Token

/// What the values that PC/SC functions return mean to a caller.
enum PCSCResult {
    /// Refuses a value other than success.
    static func check(_ operation: String, _ value: SCARD_RESULT) throws(TokenError) {
        guard value == SCARD_S_SUCCESS else { throw error(operation, value) }
    }

    /// The error of a function that returned a value.
    static func error(_ operation: String, _ value: SCARD_RESULT) -> TokenError {
        let code = code(value)
        return TokenError(
            code, detail(code), operation: operation, status: UInt(truncatingIfNeeded: value),
            statusName: name(value), hint: hint(code))
    }

    /// The kind of fault that a value stands for, whichever function returned it.
    ///
    /// A card that is pulled out in the middle of a command shows itself as an error of the
    /// transmission, and so does a broken one: both are gone.
    static func code(_ value: SCARD_RESULT) -> TokenError.Code {
        switch value {
        case SCARD_E_NO_SERVICE, SCARD_E_SERVICE_STOPPED: .noService
        case SCARD_E_NO_READERS_AVAILABLE: .noReader
        case SCARD_E_NO_SMARTCARD, SCARD_E_READER_UNAVAILABLE, SCARD_E_UNKNOWN_READER,
            SCARD_E_NOT_TRANSACTED, SCARD_E_INVALID_HANDLE, SCARD_F_COMM_ERROR,
            SCARD_W_REMOVED_CARD, SCARD_W_UNPOWERED_CARD, SCARD_W_UNRESPONSIVE_CARD:
            .removed
        case SCARD_W_RESET_CARD: .notLoggedIn
        case SCARD_E_SHARING_VIOLATION: .tokenInUse
        case SCARD_E_PROTO_MISMATCH: .unsupported
        default: .other
        }
    }

    private static func detail(_ code: TokenError.Code) -> String {
        switch code {
        case .noService: "the service for smart cards, pcscd, does not run"
        case .noReader: "no reader for smart cards is there"
        case .removed: "the card is gone"
        case .notLoggedIn: "another program reset the card"
        case .tokenInUse: "another program has the card for itself"
        case .unsupported: "the reader and the card have no protocol in common"
        default: "the service for smart cards failed"
        }
    }

    private static func hint(_ code: TokenError.Code) -> String? {
        switch code {
        case .noService:
            "start it: systemctl start pcscd.socket, or pcscd --foreground in a terminal of its own"
        case .noReader: "connect a reader or a YubiKey; pcsc_scan shows what pcscd sees"
        case .removed: "insert the card again, and open it anew"
        case .tokenInUse: "end the other program; gpg-agent's scdaemon is one that does so"
        default: nil
        }
    }

    /// The value's text as pcsc-lite has it.
    private static func name(_ value: SCARD_RESULT) -> String {
        unsafe names[value] ?? String(cString: pcsc_stringify_error(value))
    }

    private static let names: [SCARD_RESULT: String] = [
        SCARD_E_INVALID_HANDLE: "SCARD_E_INVALID_HANDLE",
        SCARD_E_INSUFFICIENT_BUFFER: "SCARD_E_INSUFFICIENT_BUFFER",
        SCARD_E_UNKNOWN_READER: "SCARD_E_UNKNOWN_READER",
        SCARD_E_TIMEOUT: "SCARD_E_TIMEOUT",
        SCARD_E_SHARING_VIOLATION: "SCARD_E_SHARING_VIOLATION",
        SCARD_E_NO_SMARTCARD: "SCARD_E_NO_SMARTCARD",
        SCARD_E_PROTO_MISMATCH: "SCARD_E_PROTO_MISMATCH",
        SCARD_F_COMM_ERROR: "SCARD_F_COMM_ERROR",
        SCARD_E_NOT_TRANSACTED: "SCARD_E_NOT_TRANSACTED",
        SCARD_E_READER_UNAVAILABLE: "SCARD_E_READER_UNAVAILABLE",
        SCARD_E_NO_SERVICE: "SCARD_E_NO_SERVICE",
        SCARD_E_SERVICE_STOPPED: "SCARD_E_SERVICE_STOPPED",
        SCARD_E_NO_READERS_AVAILABLE: "SCARD_E_NO_READERS_AVAILABLE",
        SCARD_W_UNRESPONSIVE_CARD: "SCARD_W_UNRESPONSIVE_CARD",
        SCARD_W_UNPOWERED_CARD: "SCARD_W_UNPOWERED_CARD",
        SCARD_W_RESET_CARD: "SCARD_W_RESET_CARD",
        SCARD_W_REMOVED_CARD: "SCARD_W_REMOVED_CARD",
    ]
}

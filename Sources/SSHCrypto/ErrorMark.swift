// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A mark in this thread's error queue of libcrypto, to read what one call left behind it and to
/// leave the queue as it was found.
///
/// Used within one synchronous function, so that the thread stays the same.
struct ErrorMark {
    /// Sets the mark.
    init() { ERR_set_mark() }

    /// Drops all errors behind the mark, and the mark.
    func forget() { ERR_pop_to_mark() }

    /// The error of the call named `operation`, with libcrypto's own reason; forgets the rest.
    func failure(_ operation: String) -> SSHCryptoError {
        let code = ERR_peek_last_error()
        ERR_pop_to_mark()
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else {
            return SSHCryptoError(.library("\(operation) failed"))
        }
        return SSHCryptoError(.library("\(operation): \(unsafe String(cString: text))"))
    }
}

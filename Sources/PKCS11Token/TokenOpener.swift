// SPDX-License-Identifier: Apache-2.0

import Token

/// Opens a token on the thread on which it will be used.
///
/// Opening may take seconds: modules read whole cards, and attest every key.
actor TokenOpener {
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    private nonisolated let thread: TokenThread

    init(_ thread: TokenThread) { self.thread = thread }

    func connect(
        _ module: PKCS11Module, _ uri: TokenURI
    ) throws(TokenError) -> sending Connection {
        try module.connect(uri)
    }
}

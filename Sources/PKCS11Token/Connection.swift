// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

/// Two sessions with a token, for as long as the token is open.
///
/// The login belongs to the application and ends with its last session. So one session is kept and
/// never used, and the other can be closed and opened anew where an operation has stuck in it.
///
/// Used by its token alone, on the token's thread.
final class Connection {
    let cryptoki: Cryptoki
    let slot: CK_SLOT_ID
    let token: PKCS11TokenInformation
    private let module: LoadedModule
    private let sentinel: CK_SESSION_HANDLE
    private(set) var session: CK_SESSION_HANDLE

    /// Opens the sessions.
    ///
    /// The module is retained and the slot reserved by the caller; from here on
    /// both are this object's to give back.
    init(
        _ module: LoadedModule, _ slot: CK_SLOT_ID, _ token: PKCS11TokenInformation
    ) throws(TokenError) {
        let cryptoki = module.cryptoki
        self.module = module
        self.cryptoki = cryptoki
        self.slot = slot
        self.token = token
        let sentinel = try retryOnce { () throws(TokenError) in
            try cryptoki.openSession(slot, writable: false)
        }
        do throws(TokenError) {
            session = try cryptoki.openSession(slot, writable: false)
        } catch {
            try? cryptoki.closeSession(sentinel)
            throw error
        }
        self.sentinel = sentinel
    }

    /// Nothing that fails here can be mended: the token is let go in every case.
    deinit {
        try? cryptoki.closeSession(session)
        try? cryptoki.closeSession(sentinel)
        module.surrender(slot)
        module.release()
    }

    /// The token's flags as they are now.
    func flags() throws(TokenError) -> PKCS11TokenFlags {
        PKCS11TokenInformation(try cryptoki.tokenInformation(slot)).flags
    }

    /// Closes the session in use, and with it what is unfinished there, and opens another.
    func renewSession() throws(TokenError) {
        try cryptoki.closeSession(session)
        session = try cryptoki.openSession(slot, writable: false)
    }

    /// Runs `body` with a session that may change the token.
    func withWritableSession<Result>(
        _ body: (CK_SESSION_HANDLE) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let session = try cryptoki.openSession(slot, writable: true)
        let result: Result
        do throws(TokenError) {
            result = try body(session)
        } catch {
            try? cryptoki.closeSession(session)
            throw error
        }
        try cryptoki.closeSession(session)
        return result
    }
}

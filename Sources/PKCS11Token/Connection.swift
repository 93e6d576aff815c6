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
        _ module: LoadedModule, _ slot: CK_SLOT_ID, _ token: PKCS11TokenInformation,
        _ watch: CallWatch?
    ) throws(TokenError) {
        let cryptoki = module.cryptoki.watched(by: watch)
        self.module = module
        self.cryptoki = cryptoki
        self.slot = slot
        self.token = token
        do throws(TokenError) {
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
        } catch {
            guard error.status == CKR_SESSION_COUNT else { throw error }
            throw TokenError(
                .other, "\(token.identity) has no session left, and two are needed",
                operation: error.operation, status: error.status, statusName: error.statusName,
                hint: "end the other programs that use the token")
        }
    }

    /// Nothing that fails here can be mended: the token is let go in every case.
    deinit {
        let cryptoki = cryptoki.watched(by: cryptoki.watch, clearingAway: true)
        try? cryptoki.closeSession(session)
        try? cryptoki.closeSession(sentinel)
        module.surrender(slot)
        module.release(cryptoki.watch)
    }

    /// What the token tells of itself now, if it is the one that was opened.
    ///
    /// - Throws: Where another one is in its place.
    func information() throws(TokenError) -> PKCS11TokenInformation {
        let now = PKCS11TokenInformation(try cryptoki.tokenInformation(slot))
        guard now.identity == token.identity else {
            throw TokenError(
                .wrongToken, "\(now.identity) is in the place of \(token.identity)",
                hint: "insert the token that was there, and open it anew; no PIN went to this one")
        }
        return now
    }

    /// Closes the session in use, and with it what is unfinished there, and opens another.
    func renewSession() throws(TokenError) {
        try cryptoki.closeSession(session)
        session = try cryptoki.openSession(slot, writable: false)
    }

    /// Runs `body` with a session that may change the token.
    ///
    /// A token whose sessions are used up gets it in the place of the one that is in use.
    func withWritableSession<Result>(
        _ body: (CK_SESSION_HANDLE) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let session: CK_SESSION_HANDLE
        do throws(TokenError) {
            session = try cryptoki.openSession(slot, writable: true)
        } catch {
            guard error.status == CKR_SESSION_COUNT else { throw error }
            return try inPlace(body)
        }
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

    private func inPlace<Result>(
        _ body: (CK_SESSION_HANDLE) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        try cryptoki.closeSession(session)
        session = try cryptoki.openSession(slot, writable: true)
        let result: Result
        do throws(TokenError) {
            result = try body(session)
        } catch {
            try? renewSession()
            throw error
        }
        try renewSession()
        return result
    }
}

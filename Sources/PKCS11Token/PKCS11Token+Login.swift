// SPDX-License-Identifier: Apache-2.0

import CPKCS11
public import Token

extension PKCS11Token {
    /// Logs in, once; a token that has one try left only where `allowLastTry` says so.
    ///
    /// - Throws: ``TokenError`` with what the token's flags say of the tries left.
    public func login(_ pin: PIN?, allowLastTry: Bool) throws(TokenError) {
        guard pin != nil || hasPINPad else {
            throw TokenError(.pinUnavailable, "\(identity) has no PIN pad, and no PIN was given")
        }
        // A token with a pad of its own takes the PIN there and nowhere else.
        let pin = hasPINPad ? nil : pin
        try onToken { connection throws(TokenError) in
            try refuseHopelessTry(connection, allowLastTry)
            if hasForgottenLogin {
                // The module may still believe in the login that the card has lost, and would not
                // pass the PIN on.
                try? connection.cryptoki.logout(connection.session)
                hasForgottenLogin = false
            }
            let value = try connection.cryptoki.login(connection.session, CKU_USER, pin)
            guard value == CKR_OK || value == CKR_USER_ALREADY_LOGGED_IN else {
                throw loginError(connection, value)
            }
        }
        self.pin = pin
    }

    /// Whether the user is logged in, or need not be.
    func isLoggedIn(_ connection: Connection) throws(TokenError) -> Bool {
        guard connection.token.flags.contains(.loginRequired) else { return true }
        return try connection.cryptoki.isLoggedIn(connection.session)
    }

    /// Refuses to go on without a login.
    func requireLogin(_ connection: Connection) throws(TokenError) {
        guard try isLoggedIn(connection) else {
            throw TokenError(.notLoggedIn, "\(identity) is not logged in")
        }
    }

    /// Logs in for the one signature that has begun, with the PIN that was right before.
    ///
    /// Where it is right no more, it is forgotten: it is not tried again.
    func loginForSignature(_ connection: Connection) throws(TokenError) {
        guard pin != nil || hasPINPad else {
            throw TokenError(
                .notLoggedIn, "\(identity) wants the PIN for each signature, and none was given")
        }
        let value = try connection.cryptoki.login(
            connection.session, CKU_CONTEXT_SPECIFIC, pin)
        guard value != CKR_OK else { return }
        pin = nil
        throw loginError(connection, value)
    }

    private func refuseHopelessTry(
        _ connection: Connection, _ allowLastTry: Bool
    ) throws(TokenError) {
        let flags = try connection.flags()
        if flags.contains(.pinLocked) {
            throw TokenError(
                .pinLocked, "the PIN of \(identity) is locked", triesLeft: flags.triesLeft)
        }
        if flags.contains(.pinFinalTry), !allowLastTry {
            throw TokenError(
                .lastTry, "the PIN of \(identity) was not tried", triesLeft: flags.triesLeft,
                hint: "one more wrong PIN locks the token; allow the last try only if sure")
        }
    }

    /// The error of a login that failed, with what the flags say now.
    private func loginError(_ connection: Connection, _ value: CK_RV) -> TokenError {
        let error = ReturnValue.error("C_Login", value)
        guard error.code == .pinIncorrect || error.code == .pinLocked else { return error }
        // The flags are an addition; where they cannot be had, the refusal still is the error.
        let flags = (try? connection.flags()) ?? []
        let isLocked = error.code == .pinLocked || flags.contains(.pinLocked)
        return TokenError(
            isLocked ? .pinLocked : .pinIncorrect,
            "\(identity): \(error.detail)", operation: error.operation, status: error.status,
            statusName: error.statusName, triesLeft: flags.triesLeft)
    }
}

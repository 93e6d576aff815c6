// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

extension TokenWorker {
    /// Logs in, once; a token that has one try left only where `allowLastTry` says so.
    func login(_ pin: PIN?, allowLastTry: Bool) throws(TokenError) {
        guard pin != nil || hasPINPad else {
            throw TokenError(.pinUnavailable, "\(identity) has no PIN pad, and no PIN was given")
        }
        // A token with a pad of its own takes the PIN there and nowhere else.
        let pin = hasPINPad ? nil : pin
        try onToken { connection throws(TokenError) in
            let token = try connection.information()
            try refuseHopelessTry(token.flags, allowLastTry)
            if let pin { try refuseUnfit(pin, token) }
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

    /// Refuses to go on without a login; one that was lost is made anew.
    func requireLogin(_ connection: Connection) throws(TokenError) {
        if try isLoggedIn(connection) { return }
        guard try loginAnew(connection) else {
            throw TokenError(.notLoggedIn, "\(identity) is not logged in")
        }
    }

    /// Logs out and in again with the PIN that was right before, once.
    ///
    /// For a login that another program has ended. False where there is no PIN that is known to be
    /// right, or where a wrong one could lock the token. A PIN that is right no more is forgotten.
    func loginAnew(_ connection: Connection) throws(TokenError) -> Bool {
        guard let pin else { return false }
        let flags = try connection.information().flags
        guard flags.isDisjoint(with: [.pinCountLow, .pinFinalTry, .pinLocked]) else {
            return false
        }
        signingKeys = [:]
        try? connection.cryptoki.logout(connection.session)
        let value = try connection.cryptoki.login(connection.session, CKU_USER, pin)
        guard value == CKR_OK || value == CKR_USER_ALREADY_LOGGED_IN else {
            self.pin = nil
            throw loginError(connection, value)
        }
        return true
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
        let error = loginError(connection, value)
        // What the PIN had no part in says nothing of it.
        if error.code == .pinIncorrect || error.code == .pinLocked { pin = nil }
        throw error
    }

    private func refuseHopelessTry(
        _ flags: PKCS11TokenFlags, _ allowLastTry: Bool
    ) throws(TokenError) {
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

    /// Refuses a PIN that the token cannot have; nothing in the error tells how long it is.
    private func refuseUnfit(_ pin: PIN, _ token: PKCS11TokenInformation) throws(TokenError) {
        let (count, isASCII) = pin.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe ($0.count, $0.allSatisfy { $0 < 0x80 }) }
        }
        guard isASCII else {
            throw TokenError(
                .pinUnavailable,
                "the PIN for \(identity) has a character that is not ASCII; it was not tried",
                hint: "another keyboard or setting would send other bytes; is it the right layout?")
        }
        // Some modules tell zeros, or a longest PIN below the shortest: that is nothing to go by.
        guard let shortest = token.minimumPINLength, let longest = token.maximumPINLength,
            longest > 0, shortest <= longest
        else { return }
        guard (shortest...longest).contains(count) else {
            throw TokenError(
                .pinLength,
                "the PIN for \(identity) is not of \(shortest) to \(longest) characters; "
                    + "it was not tried")
        }
    }

    /// The error of a login that failed, with what the flags say now.
    private func loginError(_ connection: Connection, _ value: CK_RV) -> TokenError {
        let error = ReturnValue.error("C_Login", value)
        guard error.code == .pinIncorrect || error.code == .pinLocked else { return error }
        // The flags are an addition; where they cannot be had, the refusal still is the error.
        let flags = (try? connection.information())?.flags ?? []
        let isLocked = error.code == .pinLocked || flags.contains(.pinLocked)
        return TokenError(
            isLocked ? .pinLocked : .pinIncorrect,
            "\(identity): \(error.detail)", operation: error.operation, status: error.status,
            statusName: error.statusName, triesLeft: flags.triesLeft)
    }
}

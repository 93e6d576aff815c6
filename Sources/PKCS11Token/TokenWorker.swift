// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHFormats
import Token
import TokenEvidence

/// What is done with a token, on its own thread and nowhere else.
///
/// All calls into the module for this token are made one after the other: what must not be torn
/// apart (begin, log in for this one signature, sign) has no one in between.
final class TokenWorker {
    let module: PKCS11Module
    let identity: TokenIdentity
    let hasPINPad: Bool
    private var state: State
    /// The PIN that was right before.
    var pin: PIN?
    /// Whether the token said in the middle of things that nobody is logged in.
    var hasForgottenLogin = false
    var signingKeys: [PublicKey: SigningKey] = [:]

    private enum State {
        case open(Connection)
        case removed(TokenError)
        case closed
    }

    init(_ module: PKCS11Module, _ connection: Connection) {
        self.module = module
        identity = connection.token.identity
        hasPINPad = connection.token.flags.contains(.protectedAuthenticationPath)
        state = .open(connection)
    }

    /// Runs calls on the token, and remembers when one says that it is gone.
    func onToken<Result>(
        _ body: (Connection) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let connection: Connection
        switch state {
        case .open(let open): connection = open
        case .removed(let error): throw error
        case .closed: throw TokenError(.closed, "\(identity) is closed")
        }
        do throws(TokenError) {
            return try body(connection)
        } catch {
            if error.code == .removed || error.code == .wrongToken {
                letGo(.removed(error))
            } else if error.operation.hasPrefix("C_FindObjects") {
                endSearch(connection)
            }
            throw error
        }
    }

    /// Clears away a search that has failed, since it would refuse the next one.
    private func endSearch(_ connection: Connection) {
        do throws(TokenError) {
            try connection.renewSession()
        } catch {
            letGo(.removed(error))
        }
    }

    /// Logs out and lets go of the token; further calls are refused.
    func close() {
        if case .open(let connection) = state {
            // A token that will not be logged out is logged out by its last session's end.
            try? connection.cryptoki.logout(connection.session)
        }
        letGo(.closed)
    }

    /// Lets go of a token for which nobody waits any longer.
    func giveUp(_ failure: TokenError) { letGo(.removed(failure)) }

    private func letGo(_ state: State) {
        self.state = state
        pin = nil
        hasForgottenLogin = false
        signingKeys = [:]
    }

    /// What the token tells of itself now: its flags change with each wrong PIN.
    func information() throws(TokenError) -> PKCS11TokenInformation {
        try onToken { connection throws(TokenError) in try connection.information() }
    }

    /// The ways in which the token makes keys and signatures, by number.
    func mechanisms() throws(TokenError) -> [PKCS11Mechanism] {
        try onToken { connection throws(TokenError) in
            var mechanisms: [PKCS11Mechanism] = []
            for type in try connection.cryptoki.mechanisms(connection.slot).sorted() {
                let information = try connection.cryptoki.mechanismInformation(
                    connection.slot, type)
                mechanisms.append(PKCS11Mechanism(type, information))
            }
            return mechanisms
        }
    }
}

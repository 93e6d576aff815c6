// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

extension TokenWorker {
    /// Finds a certificate authority's key and makes ready to sign with it.
    func prepare(_ key: PublicKey, asCopy isCopy: Bool) throws(TokenError) {
        try onToken { connection throws(TokenError) in
            _ = try authorityKey(connection, key, isCopy)
        }
    }

    /// Signs whole messages with a certificate authority's key; all signatures are verified.
    func sign(
        _ messages: [[UInt8]], with key: PublicKey, asCopy isCopy: Bool
    ) throws(TokenError) -> [Signature] {
        try onToken { connection throws(TokenError) in
            try signatures(connection, over: messages, try authorityKey(connection, key, isCopy))
        }
    }

    /// Signs whole messages with a certificate authority's key; the caller verifies.
    func signUnverified(
        _ messages: [[UInt8]], with key: PublicKey, asCopy isCopy: Bool
    ) throws(TokenError) -> [UnverifiedSignature] {
        try onToken { connection throws(TokenError) in
            let signingKey = try authorityKey(connection, key, isCopy)
            var made: [UnverifiedSignature] = []
            made.reserveCapacity(messages.count)
            try sign(connection, messages, signingKey) { (signature, _) throws(TokenError) in
                made.append(UnverifiedSignature(signature))
            }
            return made
        }
    }

    /// Signs a text with an officer's key.
    func approvalSignature(
        over message: [UInt8], namespace: String, key: PublicKey
    ) throws(TokenError) -> SSHSIG {
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        let made = try onToken { connection throws(TokenError) in
            try signature(connection, over: data, try signingKey(connection, key))
        }
        do {
            let approval = try SSHSIG(
                publicKey: key, namespace: namespace, hashAlgorithm: .sha512,
                signature: made)
            _ = try approval.verify(message: message, namespace: namespace)
            return approval
        } catch {
            throw TokenError(.wrongSignature, "signature of \(identity) is refused: \(error)")
        }
    }

    /// The key, from memory or from the token, if it may sign certificates.
    private func authorityKey(
        _ connection: Connection, _ key: PublicKey, _ isCopy: Bool
    ) throws(TokenError) -> SigningKey {
        let signingKey = try signingKey(connection, key)
        if !signingKey.faults.isEmpty {
            try signingKey.key.requireNoFaults(on: identity, asCopy: isCopy)
        }
        return signingKey
    }

    /// The key, from memory or from the token.
    private func signingKey(
        _ connection: Connection, _ key: PublicKey
    ) throws(TokenError) -> SigningKey {
        if let known = signingKeys[key] { return known }
        let mechanism = try KeyNumbers.requireMechanism(key.kind)
        let found = try findSigningKey(connection, key)
        _ = try connection.cryptoki.mechanismInformation(connection.slot, mechanism)
        signingKeys[key] = found
        return found
    }

    /// One signature, verified.
    func signature(
        _ connection: Connection, over message: [UInt8], _ key: SigningKey
    ) throws(TokenError) -> Signature {
        let made = try signatures(connection, over: [message], key)
        guard let first = made.first else {
            throw TokenError(.wrongSignature, "\(identity) gave no signature")
        }
        return first
    }

    /// The signatures over all messages, verified.
    private func signatures(
        _ connection: Connection, over messages: [[UInt8]], _ key: SigningKey
    ) throws(TokenError) -> [Signature] {
        let check = HeldSignatures(
            try key.verificationKey(), on: identity, count: messages.count)
        try sign(connection, messages, key) { (signature, message) throws(TokenError) in
            try check.add(signature, over: message)
        }
        do throws(TokenError) {
            return try check.finish()
        } catch {
            signingKeys = [:]
            throw error
        }
    }

    /// Signs all messages, one after the other, and hands out each signature as it comes.
    private func sign(
        _ connection: Connection, _ messages: [[UInt8]], _ key: SigningKey,
        _ handOut: (Signature, [UInt8]) throws(TokenError) -> Void
    ) throws(TokenError) {
        let publicKey = key.key.publicKey
        var key = key
        do throws(TokenError) {
            for message in messages {
                let raw = try sign(connection, message, &key)
                try handOut(try raw.signature(for: publicKey), message)
            }
        } catch {
            // The handle may be another key's by now: it is looked for anew.
            signingKeys = [:]
            throw error
        }
    }

    /// Makes one signature; where the login was lost on the way, once more after a new one.
    private func sign(
        _ connection: Connection, _ message: [UInt8], _ key: inout SigningKey
    ) throws(TokenError) -> RawSignature {
        do throws(TokenError) {
            return try signOnce(connection, message, key)
        } catch {
            guard try isMended(connection, error) else { throw error }
            // Handles of private objects end with the login.
            key = try findSigningKey(connection, key.key.publicKey)
            signingKeys[key.key.publicKey] = key
            return try signOnce(connection, message, key)
        }
    }

    /// Whether a signature failed for a login that was lost, and there is a new one.
    ///
    /// Modules say it in their own ways: that nobody is logged in, that the key's handle is none, or
    /// something else altogether; then the session knows.
    private func isMended(
        _ connection: Connection, _ error: TokenError
    ) throws(TokenError) -> Bool {
        switch error.status {
        case CKR_USER_NOT_LOGGED_IN: return try loginAnew(connection)
        case CKR_OBJECT_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID: return pin != nil
        default:
            guard error.code == .other, pin != nil, try !isLoggedIn(connection) else {
                return false
            }
            return try loginAnew(connection)
        }
    }

    /// Makes one signature: begin, log in where the key wants it each time, sign.
    private func signOnce(
        _ connection: Connection, _ message: [UInt8], _ key: SigningKey
    ) throws(TokenError) -> RawSignature {
        let mechanism = try KeyNumbers.requireMechanism(key.key.publicKey.kind)
        do throws(TokenError) {
            try connection.cryptoki.signInit(connection.session, mechanism, key.handle)
            if key.key.evidence.claims?.alwaysAuthenticate == true {
                try loginForSignature(connection)
            }
            return RawSignature(
                try connection.cryptoki.sign(connection.session, key.input(for: message)))
        } catch {
            signingKeys = [:]
            hasForgottenLogin = error.code == .notLoggedIn
            throw recovered(connection, from: error)
        }
    }

    /// Clears away a signature that has begun and failed, since it would refuse the next one.
    ///
    /// Only the end of its session surely ends it. Where that fails too, the token is gone.
    private func recovered(_ connection: Connection, from error: TokenError) -> TokenError {
        guard error.code != .removed, error.code != .timedOut else { return error }
        do throws(TokenError) {
            try connection.renewSession()
            return error
        } catch let second {
            return TokenError(
                .removed, "\(error.detail), and then there was no new session (\(second))",
                operation: error.operation, status: error.status, statusName: error.statusName,
                triesLeft: error.triesLeft, hint: second.hint)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
public import SSHFormats
public import Token
import TokenEvidence

extension PKCS11Token {
    /// Finds a certificate authority's key and makes ready to sign with it.
    ///
    /// - Throws: ``TokenError`` where the key is not there once, an attribute of it is at fault, or
    ///   the token does not sign as SSH needs it.
    public func prepare(_ key: PublicKey) throws(TokenError) {
        try onToken { connection throws(TokenError) in
            _ = try authorityKey(connection, key)
        }
    }

    /// Signs whole messages with a certificate authority's key; one SSH signature for each.
    ///
    /// - Throws: ``TokenError`` at the first message that is not signed, or where an attribute of
    ///   the key is at fault.
    public func sign(
        _ messages: [[UInt8]], with key: PublicKey
    ) throws(TokenError) -> [Signature] {
        try onToken { connection throws(TokenError) in
            let signingKey = try authorityKey(connection, key)
            var signatures: [Signature] = []
            signatures.reserveCapacity(messages.count)
            for message in messages {
                let raw = try sign(connection, message, signingKey)
                signatures.append(try raw.signature(for: key))
            }
            return signatures
        }
    }

    /// Signs a text with an officer's key on this token, as `ssh-keygen -Y sign` would.
    ///
    /// The key need not be one that a certificate authority may have: how officers keep their keys
    /// is for the roster. The signature is verified before it is handed out.
    ///
    /// - Throws: ``TokenError`` where the key is not there once, or the signature is wrong.
    public func approvalSignature(
        over message: [UInt8], namespace: String, key: PublicKey
    ) throws(TokenError) -> SSHSIG {
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        let signature = try onToken { connection throws(TokenError) in
            try sign(connection, data, try signingKey(connection, key)).signature(for: key)
        }
        do {
            let approval = try SSHSIG(
                publicKey: key, namespace: namespace, hashAlgorithm: .sha512,
                signature: signature)
            _ = try approval.verify(message: message, namespace: namespace)
            return approval
        } catch {
            throw TokenError(.wrongSignature, "signature of \(identity) is refused: \(error)")
        }
    }

    /// The key, from memory or from the token, if it may sign certificates.
    private func authorityKey(
        _ connection: Connection, _ key: PublicKey
    ) throws(TokenError) -> SigningKey {
        let signingKey = try signingKey(connection, key)
        if !signingKey.faults.isEmpty {
            try signingKey.key.requireNoFaults(on: identity, asCopy: copies.contains(key))
        }
        return signingKey
    }

    /// The key, from memory or from the token.
    private func signingKey(
        _ connection: Connection, _ key: PublicKey
    ) throws(TokenError) -> SigningKey {
        if let known = signingKeys[key] { return known }
        let found = try findSigningKey(connection, key)
        let mechanism = try mechanism(for: key)
        _ = try connection.cryptoki.mechanismInformation(connection.slot, mechanism)
        signingKeys[key] = found
        return found
    }

    private func mechanism(for key: PublicKey) throws(TokenError) -> CK_MECHANISM_TYPE {
        guard let mechanism = KeyNumbers.signingMechanism(key.kind) else {
            throw TokenError(
                .unsupported, "a key of kind \(key.kind.shortName) is not a token's to sign with")
        }
        return mechanism
    }

    /// Makes one signature: begin, log in where the key wants it each time, sign.
    func sign(
        _ connection: Connection, _ message: [UInt8], _ key: SigningKey
    ) throws(TokenError) -> RawSignature {
        let mechanism = try mechanism(for: key.key.publicKey)
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
        guard error.code != .removed else { return error }
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

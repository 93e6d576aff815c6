// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension SSHSIG {
    /// Verifies that the plain key named in the signature signed `message` for `namespace`.
    ///
    /// Whose key it is remains for the caller to find out. A signature with a certificate is
    /// refused: who judges by key alone would leave out what the certificate limits. A key in a FIDO
    /// token must have been touched for the signature, unless `requireUserPresence` is false;
    /// `ssh-keygen -Y verify` does not look at that. Where many signatures are by one key, `key`
    /// spares making it ready each time; it must be the key that the signature names.
    ///
    /// - Throws: ``SSHCryptoError`` where the signer, the namespace, the key, the signature or the
    ///   touch is not what is asked for.
    @discardableResult
    public func verify(
        message: [UInt8], namespace: String, requireUserPresence: Bool = true,
        using key: VerificationKey? = nil
    ) throws(SSHCryptoError) -> VerifiedSignature {
        guard signer.certificate == nil else { throw SSHCryptoError(.certificateSigner) }
        try requireNamespace(namespace)
        let verified = try verify(
            messageHash: hashAlgorithm.digest.hash(message), namespace: namespace, using: key)
        guard !requireUserPresence || verified.userPresent != false else {
            throw SSHCryptoError(.userPresenceMissing)
        }
        return verified
    }

    /// Verifies that the signer's key signed the message of this hash for `namespace`, and that
    /// the authority that the signer's certificate names signed that.
    ///
    /// All else remains for the caller to find out: whose key and whose authority it is, what the
    /// certificate allows, whether a FIDO token was touched.
    ///
    /// - Throws: ``SSHCryptoError`` where the namespace, a key or a signature is not what is asked for.
    public func verify(
        messageHash: [UInt8], namespace: String, using key: VerificationKey? = nil
    ) throws(SSHCryptoError) -> VerifiedSignature {
        try requireNamespace(namespace)
        let key = try VerificationKey.ready(key, for: signer.publicKey)
        let verified = try key.verify(
            signature,
            over: Self.signedData(
                namespace: namespace, hashAlgorithm: hashAlgorithm, messageHash: messageHash))
        try verifySigner()
        return verified
    }

    /// Verifies that the authority that the signer's certificate names signed that; a plain key needs
    /// nobody to vouch for it.
    ///
    /// - Throws: ``SSHCryptoError`` of reason `certificateForged`.
    public func verifySigner() throws(SSHCryptoError) {
        do throws(SSHCryptoError) {
            try signer.certificate?.verifySignature()
        } catch {
            throw SSHCryptoError(.certificateForged("\(error)"))
        }
    }

    private func requireNamespace(_ namespace: String) throws(SSHCryptoError) {
        guard self.namespace.utf8.elementsEqual(namespace.utf8) else {
            throw SSHCryptoError(.wrongNamespace(found: self.namespace, expected: namespace))
        }
    }
}

extension VerificationKey {
    /// The key to verify with where a signature names `publicKey`: `key` if it is that, or a new
    /// one.
    ///
    /// - Throws: ``SSHCryptoError`` where `key` is another, or `publicKey` is not sane.
    static func ready(
        _ key: VerificationKey?, for publicKey: PublicKey
    ) throws(SSHCryptoError) -> VerificationKey {
        guard let key else { return try VerificationKey(publicKey, forMany: false) }
        guard key.publicKey == publicKey else {
            throw SSHCryptoError(
                .otherKey(
                    found: publicKey.fingerprint, expected: key.publicKey.fingerprint))
        }
        return key
    }
}

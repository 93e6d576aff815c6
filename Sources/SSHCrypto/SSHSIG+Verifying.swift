// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension SSHSIG {
    /// Verifies that the key named in the signature signed `message` for `namespace`.
    ///
    /// Whose key it is remains for the caller to find out. A key in a FIDO token must have been
    /// touched for the signature, unless `requireUserPresence` is false; `ssh-keygen -Y verify` does
    /// not look at that. Where many signatures are by one key, `key` spares making it ready each
    /// time; it must be the key that the signature names.
    ///
    /// - Throws: ``SSHCryptoError`` where the namespace, the key, the signature or the touch is not
    ///   what is asked for.
    @discardableResult
    public func verify(
        message: [UInt8], namespace: String, requireUserPresence: Bool = true,
        using key: VerificationKey? = nil
    ) throws(SSHCryptoError) -> VerifiedSignature {
        guard self.namespace == namespace else {
            throw SSHCryptoError(
                .wrongNamespace(found: self.namespace, expected: namespace))
        }
        let key = try VerificationKey.ready(key, for: publicKey)
        let hash =
            switch hashAlgorithm {
            case .sha256: SHA256Digest(hashing: message).bytes
            case .sha512: sha512(message)
            }
        let verified = try key.verify(
            signature,
            over: Self.signedData(
                namespace: namespace, hashAlgorithm: hashAlgorithm, messageHash: hash))
        guard !requireUserPresence || verified.userPresent != false else {
            throw SSHCryptoError(.userPresenceMissing)
        }
        return verified
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
        guard let key else { return try VerificationKey(publicKey) }
        guard key.publicKey == publicKey else {
            throw SSHCryptoError(
                .otherKey(
                    found: publicKey.fingerprint, expected: key.publicKey.fingerprint))
        }
        return key
    }
}

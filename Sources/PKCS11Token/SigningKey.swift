// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// A private key on the token, found and ready: no call but those that sign is left to make.
struct SigningKey {
    let handle: CK_OBJECT_HANDLE
    let key: TokenKey
    let faults: [String]
    private let verifier: Result<VerificationKey, SSHCryptoError>

    init(_ handle: CK_OBJECT_HANDLE, _ key: TokenKey) {
        self.handle = handle
        self.key = key
        faults = key.evidence.faults
        verifier = Result { () throws(SSHCryptoError) in try VerificationKey(key.publicKey) }
    }

    /// The public half, ready to verify with.
    ///
    /// - Throws: Where it is not a key that says who signed.
    func verificationKey() throws(TokenError) -> VerificationKey {
        do {
            return try verifier.get()
        } catch {
            throw TokenError(
                .unsupported, "key \(key.publicKey.fingerprint) is not fit to sign: \(error)")
        }
    }

    /// What the token gets to sign for a message.
    ///
    /// The digest is always the host's: modules lack the mechanisms that hash, and some cut a digest
    /// that is too long without a word. RSA gets the DigestInfo of RFC 8017 section 9.2, Ed25519 the
    /// whole message.
    func input(for message: [UInt8]) -> [UInt8] {
        switch key.publicKey.kind {
        case .rsa: Self.digestInfoSHA512 + sha512(message)
        case .ecdsaP256: SHA256Digest(hashing: message).bytes
        case .ecdsaP384: sha384(message)
        case .ecdsaP521: sha512(message)
        case .ed25519, .skECDSA, .skEd25519, .mldsa44Ed25519: message
        }
    }

    /// DER of the DigestInfo up to the digest, RFC 8017 section 9.2 note 1.
    private static let digestInfoSHA512: [UInt8] = [
        0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
        0x05, 0x00, 0x04, 0x40,
    ]
}

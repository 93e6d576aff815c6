// SPDX-License-Identifier: Apache-2.0
import PKCS11Token
import SSHCrypto
import SSHFormats
import Token

/// Signing a text with an officer's key on a token.
enum OfficerSignature {
    /// Signs, and verifies what the token gave.
    ///
    /// How officers keep their keys is for the roster, so a module's claims forbid nothing here.
    ///
    /// - Throws: `TokenError` where the key is not there once, or the signature is wrong.
    static func make(
        over text: [UInt8], namespace: String, key: PublicKey, on token: any Token
    ) async throws(TokenError) -> SSHSIG {
        if let token = token as? PKCS11Token {
            return try await token.approvalSignature(over: text, namespace: namespace, key: key)
        }
        let identity = await token.identity
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(text))
        guard let signature = try await token.sign([data], with: key).first else {
            throw TokenError(.wrongSignature, "\(identity) gave no signature")
        }
        do {
            let made = try SSHSIG(
                publicKey: key, namespace: namespace, hashAlgorithm: .sha512,
                signature: signature)
            _ = try made.verify(message: text, namespace: namespace)
            return made
        } catch {
            throw TokenError(.wrongSignature, "signature of \(identity) is refused: \(error)")
        }
    }
}

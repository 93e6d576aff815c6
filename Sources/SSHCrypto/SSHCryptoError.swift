// SPDX-License-Identifier: Apache-2.0

/// Why a signature or a key was not accepted.
public struct SSHCryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons for which a signature or a key is not accepted.
    public enum Reason: Hashable, Sendable {
        /// The signature is not the key's over these bytes.
        case wrongSignature
        /// The signature was made for the namespace `found`, not for `expected`.
        case wrongNamespace(found: String, expected: String)
        /// The signature names the algorithm `found`, which a key of kind `key` does not have.
        case algorithmMismatch(found: String, key: String)
        /// The signature is to be checked with the key `expected`, and names the key `found`.
        ///
        /// Both are fingerprints.
        case otherKey(found: String, expected: String)
        /// The key's numbers are not fit to verify with; the text says why.
        case keyRefused(String)
        /// Keys of the kind are carried, and libcrypto does not verify with them yet.
        case unsupportedKind(String)
        /// What a web browser put around the signature is not sound; the text says why.
        case webAuthnRefused(String)
        /// The FIDO token signed without anyone having touched it.
        case userPresenceMissing
        /// The signature is made with a certificate, where a plain key alone is taken.
        case certificateSigner
        /// The signer's certificate is not signed by the authority that it names; the text says why.
        case certificateForged(String)
        /// Bytes are not the DER, or the X.509, that they should be; the text says why.
        case encodingRefused(String)
        /// A call of libcrypto failed; the text names it.
        case library(String)
    }

    /// Why it was not accepted.
    public let reason: Reason

    /// Makes the error of this reason.
    public init(_ reason: Reason) {
        self.reason = reason
    }

    /// The reason as one line.
    public var description: String {
        switch reason {
        case .wrongSignature: "signature does not verify"
        case .wrongNamespace(let found, let expected):
            "signature is for namespace \(found.debugDescription), not \(expected.debugDescription)"
        case .algorithmMismatch(let found, let key):
            "signature algorithm \(found) is not one of a key of kind \(key)"
        case .otherKey(let found, let expected):
            "signature is by key \(found), not \(expected)"
        case .keyRefused(let fault): "key refused: \(fault)"
        case .unsupportedKind(let kind):
            "signatures by a key of kind \(kind) cannot be verified yet"
        case .webAuthnRefused(let fault): "WebAuthn assertion refused: \(fault)"
        case .userPresenceMissing: "FIDO token signed without user presence"
        case .certificateSigner: "signature is made with a certificate, not with a plain key"
        case .certificateForged(let fault): "certificate of the signer: \(fault)"
        case .encodingRefused(let fault): fault
        case .library(let failure): "libcrypto: \(failure)"
        }
    }
}

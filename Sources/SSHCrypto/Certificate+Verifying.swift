// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension Certificate {
    /// Verifies that the authority named in the certificate signed it.
    ///
    /// Whether that authority is ours remains for the caller to find out: by giving `key`, which
    /// must be the authority's, and which spares making it ready for each certificate.
    ///
    /// - Throws: ``SSHCryptoError`` where the authority is another than `key`, or did not sign.
    public func verifySignature(using key: VerificationKey? = nil) throws(SSHCryptoError) {
        let key = try VerificationKey.ready(key, for: fields.signatureKey)
        try key.verify(signature, over: toBeSigned)
    }
}

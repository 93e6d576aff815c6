// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats

/// The public key in a certificate.
///
/// It says which key a certificate is for. Whether to believe the certificate is not asked here.
enum CertificateKey {
    /// The key in the DER of a certificate; nil where there is none that SSH has.
    static func key(in certificate: [UInt8]) -> PublicKey? {
        try? X509Certificate(der: certificate).subjectPublicKeyInfo.publicKey()
    }
}

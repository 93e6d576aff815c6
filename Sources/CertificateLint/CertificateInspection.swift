// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto
public import SSHFormats

/// Everything that can be said of the bytes of a certificate.
public struct CertificateInspection: Sendable {
    /// Whether the authority signed.
    public enum SignatureStanding: Hashable, Sendable {
        /// The signature holds.
        case holds
        /// The signature holds once it is brought into its right form, as some readers do.
        case holdsInOtherForm
        /// The key did not make the signature.
        case wrong
        /// It was not verified; the text says why.
        case unchecked(String)
    }

    /// The bytes, field by field.
    public let dissection: CertificateDissection
    /// The certificate as the strict reader takes it; nil where it refuses.
    public let certificate: Certificate?
    /// Why the strict reader refuses; nil where it takes the certificate.
    public let refusal: FormatError?
    /// The certified key; nil where it cannot be read as a key of a known kind.
    public let subjectKey: PublicKey?
    /// What is wrong with the certified key's numbers.
    public let subjectKeyFaults: [KeyFault]
    /// The authority's key; nil where it cannot be read as a key of a known kind.
    public let signatureKey: PublicKey?
    /// Whether the authority signed.
    public let signature: SignatureStanding
    /// The breaches of rules, in the order of the bytes.
    public let findings: [CertificateFinding]

    /// The findings of a severity.
    public func findings(_ severity: CertificateRule.Severity) -> [CertificateFinding] {
        findings.filter { $0.rule.severity == severity }
    }
}

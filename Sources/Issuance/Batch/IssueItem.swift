// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// A certificate to be signed, with every field that it will have.
///
/// It never changes, and is an object so that a batch's items are handed on without copies of all
/// their fields.
public final class IssueItem: Hashable, Sendable {
    /// The authority that certifies.
    public let authority: String
    /// The profile under which it was admitted.
    public let profile: String
    /// The risk class.
    public let riskClass: String
    /// The request that it answers.
    public let request: SHA256Digest
    /// Who asked, in the requester's own words.
    public let requester: String?
    /// Every field of the certificate.
    public let fields: CertificateFields
    /// The SHA-256 of the to-be-signed bytes.
    public let toBeSigned: SHA256Digest

    /// Makes the item of a certificate that passed the lint.
    public init(_ certificate: ToBeSignedCertificate, template: CertificateTemplate) {
        let admitted = template.admitted
        authority = admitted.request.authority
        profile = admitted.profile.name
        riskClass = admitted.profile.riskClass
        request = admitted.request.id
        requester = admitted.request.requester
        fields = certificate.fields
        toBeSigned = certificate.digest
    }

    init(
        authority: String, profile: String, riskClass: String, request: SHA256Digest,
        requester: String?, fields: CertificateFields, toBeSigned: SHA256Digest
    ) {
        self.authority = authority
        self.profile = profile
        self.riskClass = riskClass
        self.request = request
        self.requester = requester
        self.fields = fields
        self.toBeSigned = toBeSigned
    }

    /// Two items are equal where all that they say is.
    public static func == (left: IssueItem, right: IssueItem) -> Bool {
        left === right
            || left.authority == right.authority && left.profile == right.profile
                && left.riskClass == right.riskClass && left.request == right.request
                && left.requester == right.requester && left.fields == right.fields
                && left.toBeSigned == right.toBeSigned
    }

    /// Hashes what tells an item from others.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(request)
        hasher.combine(toBeSigned)
    }

    /// Rebuilds the to-be-signed bytes, and compares them with the digest.
    ///
    /// - Throws: `Violations` of `BATCH-LINT` or `BATCH-TBS`.
    public func rebuild() throws(Violations) -> ToBeSignedCertificate {
        let certificate = try ToBeSignedCertificate(fields)
        guard certificate.digest == toBeSigned else {
            throw Violations([
                Violation(
                    .batchToBeSigned,
                    "serial \(fields.serial): the bytes rebuilt have SHA-256 "
                        + "\(certificate.digest.hex), the manifest says \(toBeSigned.hex)")
            ])
        }
        return certificate
    }
}

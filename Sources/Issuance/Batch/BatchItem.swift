// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// One thing that a batch does.
public enum BatchItem: Hashable, Sendable {
    /// A certificate is signed.
    case issue(IssueItem)
    /// A certificate, key ID or key is revoked.
    case revoke(RevokeItem)
    /// A revocation list is published.
    case revocationList(RevocationListItem)

    /// The risk class, which sets the number of approvals.
    public var riskClass: String {
        switch self {
        case .issue(let item): item.riskClass
        case .revoke(let item): item.riskClass
        case .revocationList(let item): item.riskClass
        }
    }

    /// The item in a few words, for screens and messages.
    public var summary: String {
        switch self {
        case .issue(let item):
            "\(item.fields.kind.name) certificate \(item.fields.serial) of \(item.authority) for "
                + item.fields.validPrincipals.joined(separator: ",")
        case .revoke(let item): "revoke \(item.target.text) of \(item.authority)"
        case .revocationList(let item): "revocation list version \(item.version)"
        }
    }
}

/// A certificate to be signed, with every field that it will have.
public struct IssueItem: Hashable, Sendable {
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

/// Something to be revoked, and why.
public struct RevokeItem: Hashable, Sendable {
    /// What is revoked.
    public enum Target: Hashable, Sendable {
        /// The certificates with these serials.
        case serials(ClosedRange<UInt64>)
        /// The certificates with this key ID.
        case keyID(String)
        /// Every certificate for this key, and the key itself.
        case key(PublicKey)

        /// The target as manifests and screens write it.
        public var text: String {
            switch self {
            case .serials(let range):
                // The count of a range may be beyond Int, which is a trap.
                range.lowerBound == range.upperBound
                    ? "serial \(range.lowerBound)"
                    : "serials \(range.lowerBound)-\(range.upperBound)"
            case .keyID(let keyID): "key-id \(keyID)"
            case .key(let key): "key \(key.line)"
            }
        }

        /// Reads a target as manifests write it.
        public init?(text: String) {
            let parts = text.split(
                separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { return nil }
            let value = String(parts[1])
            switch parts[0] {
            case "serial":
                guard let serial = parseDecimal(value), serial > 0 else { return nil }
                self = .serials(serial...serial)
            case "serials":
                let ends = value.split(separator: "-", omittingEmptySubsequences: false)
                guard ends.count == 2, let low = parseDecimal(String(ends[0])),
                    let high = parseDecimal(String(ends[1])), 0 < low, low < high
                else { return nil }
                self = .serials(low...high)
            case "key-id": self = .keyID(value)
            case "key":
                do throws(FormatError) {
                    self = .key(try PublicKey(line: value))
                } catch {
                    return nil
                }
            default: return nil
            }
        }
    }

    /// The authority whose certificates are revoked.
    public let authority: String
    /// What is revoked.
    public let target: Target
    /// The risk class.
    public let riskClass: String
    /// Why.
    public let reason: String

    /// Makes a revocation.
    public init(authority: String, target: Target, riskClass: String, reason: String) {
        self.authority = authority
        self.target = target
        self.riskClass = riskClass
        self.reason = reason
    }
}

/// A revocation list to be published, byte for byte.
public struct RevocationListItem: Hashable, Sendable {
    /// Its version, one more than the last.
    public let version: UInt64
    /// The risk class.
    public let riskClass: String
    /// The list as OpenSSH reads it.
    public let bytes: [UInt8]

    /// The SHA-256 of the list.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// Makes the item of an encoded list.
    public init(version: UInt64, riskClass: String, bytes: [UInt8]) {
        self.version = version
        self.riskClass = riskClass
        self.bytes = bytes
    }
}

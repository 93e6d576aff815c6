// SPDX-License-Identifier: Apache-2.0
import Documents
public import SSHCrypto
public import SSHFormats

extension CeremonyReport {
    /// One item of the batch: what was to be done, who let it, and what came of it.
    public struct Item: Sendable {
        /// A certificate that was to be signed.
        public struct Certificate: Sendable {
            /// The authority.
            public let authority: String
            /// The profile.
            public let profile: String
            /// The request's ID.
            public let request: SHA256Digest
            /// Who asked, in the requester's own words.
            public let requester: String?
            /// When the request was admitted; nil where the ledger does not find it.
            public let admitted: Moment?
            /// Every field that the certificate has.
            public let fields: CertificateFields

            /// Names a certificate.
            public init(
                authority: String, profile: String, request: SHA256Digest, requester: String?,
                admitted: Moment?, fields: CertificateFields
            ) {
                self.authority = authority
                self.profile = profile
                self.request = request
                self.requester = requester
                self.admitted = admitted
                self.fields = fields
            }
        }

        /// What a digest is of.
        public enum Subject: String, Sendable {
            /// The bytes that the CA key signs.
            case toBeSigned = "to-be-signed"
            /// The revocation list.
            case list = "list"
            /// The item's lines in the manifest, each with its LF, without the empty line before them.
            case lines = "item"
        }

        /// An officer who approved and does not count for the item, and why.
        public struct Exclusion: Sendable {
            /// The officer.
            public let officer: String
            /// Why.
            public let reason: String

            /// Names an exclusion.
            public init(officer: String, reason: String) {
                self.officer = officer
                self.reason = reason
            }
        }

        /// How the approvals were counted.
        public struct Count: Sendable {
            /// The risk class.
            public let riskClass: String
            /// The approvals that it takes.
            public let needed: Int
            /// The officers who count.
            public let counted: [String]
            /// The officers who do not.
            public let excluded: [Exclusion]

            /// Tells a count.
            public init(
                riskClass: String, needed: Int, counted: [String], excluded: [Exclusion]
            ) {
                self.riskClass = riskClass
                self.needed = needed
                self.counted = counted
                self.excluded = excluded
            }
        }

        /// Its number, from 1.
        public let number: Int
        /// Its kind, as the manifest names it.
        public let kind: String
        /// What it is, in a few words.
        public let summary: String
        /// How the approvals were counted.
        public let count: Count
        /// The certificate, where it is about one.
        public let certificate: Certificate?
        /// Why, where the item says so.
        public let reason: String?
        /// What the digest is of.
        public let subject: Subject
        /// The digest.
        public let digest: SHA256Digest
        /// When it was carried out; nil where it was given up.
        public let done: Moment?

        /// Whether it was carried out.
        public var isDone: Bool { done != nil }

        /// The words of its digest: sixteen, for the digest's first sixteen bytes.
        var words: [String] { PGPWords.encode(digest.bytes.prefix(16)) }

        /// Tells of an item.
        public init(
            number: Int, kind: String, summary: String, count: Count, certificate: Certificate?,
            reason: String?, subject: Subject, digest: SHA256Digest, done: Moment?
        ) {
            self.number = number
            self.kind = kind
            self.summary = summary
            self.count = count
            self.certificate = certificate
            self.reason = reason
            self.subject = subject
            self.digest = digest
            self.done = done
        }
    }
}

extension CeremonyReport.Item {
    /// What came of it, in words.
    var outcome: String {
        guard let done else {
            return certificate == nil
                ? "NOT CARRIED OUT" : "NOT ISSUED; its serial is revoked and never signed"
        }
        return "\(deed) \(done.time.text), ledger entry \(done.entry)"
    }

    /// What was done, in a word.
    var deed: String {
        switch kind {
        case "issue": "issued"
        case "krl": "released"
        case "new-epoch": "begun"
        default: "carried out"
        }
    }
}

extension CeremonyReport.Item.Certificate {
    /// The critical options and extensions, each as manifests write it.
    var options: [String] {
        fields.criticalOptions.map(\.text) + fields.extensions.map(\.rawValue)
    }

    /// From when to when it is valid.
    var validity: (after: UnixTime, before: UnixTime) {
        (UnixTime(seconds: fields.validAfter), UnixTime(seconds: fields.validBefore))
    }
}

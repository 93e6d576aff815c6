// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// Of each key of an authority the certificate that ends last, where that is near or was not long
/// ago, unless it is revoked.
///
/// No more of the ledger is in memory than ends near, and a digest of each key that is looked at.
struct EndingCertificates {
    /// How long a host whose certificate has ended is overdue: a year.
    ///
    /// One that is not renewed by then is taken for one that is not there any more.
    static let overdue = TimeSpan(seconds: 365 * 86_400)

    /// The certificates, those that end first at the beginning.
    let entries: [IssuedEntry]

    /// Finds those of these kinds that end within `span` of `time`, or ended within as long before it,
    /// those of hosts within ``overdue`` at least.
    ///
    /// - Throws: What the past throws.
    init(
        _ past: RadarPast, kinds: [CertificateKind] = CertificateKind.allCases, state: HomeState,
        within span: TimeSpan, at time: UnixTime
    ) throws {
        let limit = time.adding(span) ?? .latest
        var judged: Set<SHA256Digest> = []
        var found: [IssuedEntry] = []
        for kind in kinds {
            let span = kind == .host ? max(span, Self.overdue) : span
            let begin = time.subtracting(span) ?? UnixTime(seconds: 0)
            guard begin <= limit else { continue }
            try past.ending(kind, begin...limit) { entry in
                guard judged.insert(Self.subject(of: entry)).inserted else { return }
                var latest = entry
                for other in try past.certificatesOfKey(entry.fields.publicKey)
                where Self.isSameSubject(other, entry) && other.outlasts(latest) {
                    latest = other
                }
                // What ended just then is over.
                guard latest.end <= limit, latest.end > begin,
                    state.revocations.reason(
                        authority: latest.record.authority, fields: latest.fields) == nil
                else { return }
                try past.prove(latest)
                found.append(latest)
            }
        }
        entries = found.sorted { $1.outlasts($0) }
    }

    private static func isSameSubject(_ one: IssuedEntry, _ other: IssuedEntry) -> Bool {
        one.record.authority.utf8.elementsEqual(other.record.authority.utf8)
            && one.fields.publicKey == other.fields.publicKey
    }

    private static func subject(of entry: IssuedEntry) -> SHA256Digest {
        SHA256Digest(
            hashing: Array(entry.record.authority.utf8) + [0] + entry.fields.publicKey.blob)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// Batches under the sample policy and roster, without a home around them.
public enum SampleBatch {
    /// What the policy said of a request that was to be admitted.
    public struct Refused: Error {
        let violations: [Violation]
    }

    /// When sample batches are drafted.
    public static let drafted = "2026-11-22T10:00:00Z"

    /// The header of a sample batch.
    public static func header(number: UInt64 = 1) throws -> BatchManifest.Header {
        BatchManifest.Header(
            genesis: SHA256Digest(hashing: Array("genesis".utf8)), number: number, ledgerSize: 4,
            ledgerRoot: SHA256Digest(hashing: Array("root".utf8)),
            governingHead: SHA256Digest(hashing: Array("head".utf8)),
            roster: try SampleTexts.makeRoster().digest,
            policy: try SampleTexts.makePolicy().digest, created: try time(drafted),
            expires: try time("2026-11-29T10:00:00Z"), tool: "conclave test")
    }

    /// A manifest of these items.
    public static func manifest(_ items: BatchItem...) throws -> BatchManifest {
        BatchManifest(header: try header(), items: items)
    }

    /// The item of a certificate that answers a request, by the CA of its type.
    public static func certificate(
        _ draft: RequestDraft, for key: SoftwareKey, serial: UInt64 = 1, policy: Policy? = nil
    ) throws -> BatchItem {
        let request = try draft.request(signedBy: key)
        let now = try time(drafted)
        let policy = try policy ?? SampleTexts.makePolicy()
        let admitted =
            switch policy.decide(request, at: now, history: IssuanceHistory()) {
            case .admitted(let admitted): admitted
            case .refused(let violations): throw Refused(violations: violations)
            }
        let authority = try SoftwareKey(request.kind == .user ? "users-ca" : "hosts-ca")
        let template = try CertificateTemplate(
            admitted, signatureKey: authority.publicKey, draftedAt: now)
        let certificate = try ToBeSignedCertificate(
            template.fields(serial: serial, nonce: [UInt8](repeating: 0x5A, count: 32)))
        return .issue(IssueItem(certificate, template: template))
    }

    /// The item of a revocation.
    public static func revocation(
        _ target: RevokeItem.Target, reason: String = "laptop lost"
    ) -> BatchItem {
        .revoke(
            RevokeItem(
                authority: "users@example.org", target: target, riskClass: "revocation",
                reason: reason))
    }

    /// The item of a revocation list of this version, which revokes these serials.
    public static func list(
        version: UInt64 = 1, serials: ClosedRange<UInt64> = 3...3
    ) throws -> BatchItem {
        let list = RevocationList(
            version: version, generated: 1_000_000,
            authorities: [
                RevocationList.Authority(
                    key: try SoftwareKey("users-ca").publicKey, serials: [serials])
            ])
        return .revocationList(
            RevocationListItem(
                version: version, riskClass: "revocation", bytes: try list.encoded()))
    }

    /// An officer's approval of a manifest, under the sample roster.
    public static func approval(
        of manifest: BatchManifest, by officer: String, roster: Roster? = nil
    ) throws -> Approval {
        try Approval(
            armored: SoftwareKey(officer).seal(manifest.text, namespace: BatchManifest.namespace),
            manifest: manifest, roster: roster ?? SampleTexts.makeRoster())
    }
}

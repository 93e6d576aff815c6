// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats

@testable import Reports

extension SHA256Digest {
    /// A digest that is easy to tell from others.
    static func sample(_ byte: UInt8) -> SHA256Digest {
        SHA256Digest(hashing: [byte])
    }
}

extension CeremonyReport.Moment {
    /// An entry, and a time that goes with it.
    init(_ entry: UInt64) {
        self.init(entry: entry, time: UnixTime(seconds: 1_800_000_000 + entry))
    }
}

/// A report whose texts a test chooses.
struct SampleReport {
    /// What stands wherever somebody else's text may stand.
    var text = "plain"
    /// The number of certificates.
    var certificates = 2
    /// Whether the last certificate was given up.
    var isAbandoned = false

    /// A key whose points are of no curve: it is only named.
    static func key(_ byte: UInt8) throws -> PublicKey {
        var blob: [UInt8] = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32]
        blob += Array(repeating: byte, count: 32)
        return try PublicKey(blob: blob)
    }

    var report: CeremonyReport {
        get throws {
            let officer = CeremonyReport.Key(try Self.key(1))
            let authority = try Self.key(9)
            return CeremonyReport(
                founded: UnixTime(seconds: 1_799_000_000),
                batch: CeremonyReport.Batch(
                    number: 7, id: .sample(1), policy: .sample(2), roster: .sample(3),
                    drafted: .init(40), expires: UnixTime(seconds: 1_800_600_000)),
                course: CeremonyReport.Course(
                    opened: .init(44), closed: .init(60), program: text, tier: "T1",
                    tierMeaning: text),
                abandonment: isAbandoned
                    ? CeremonyReport.Abandonment(
                        batch: 8, manifest: .sample(4), reason: text, serials: [text]) : nil,
                approvals: [.init(officer: text, key: officer, accepted: .init(42))],
                tokens: [
                    CeremonyReport.Token(
                        authority: text, key: CeremonyReport.Key(authority), uri: text,
                        module: text, claims: text, firmware: text,
                        attestation: .init(
                            isVerified: false, statement: text, root: .sample(5),
                            certificates: 2, faults: [text]), advisories: [text],
                        joined: .init(46))
                ],
                exceptions: [.init(rule: text, message: text, recorded: .init(43))],
                items: try items(authority),
                persons: [
                    .init(name: text, isOfficer: true), .init(name: text, isOfficer: false),
                ],
                checkpoint: Checkpoint(genesis: .sample(6), size: 61, root: .sample(7)))
        }
    }

    private func items(_ authority: PublicKey) throws -> [CeremonyReport.Item] {
        let count = CeremonyReport.Item.Count(
            riskClass: text, needed: 2, counted: [text],
            excluded: [.init(officer: text, reason: text)])
        let list = CeremonyReport.Item(
            number: certificates + 1, kind: "krl", summary: text, count: count, certificate: nil,
            reason: text, subject: .list, digest: .sample(8), done: .init(59))
        return try (0..<certificates).map { place in
            let fields = CertificateFields(
                nonce: Array(repeating: 0, count: 32), publicKey: try Self.key(2),
                serial: 0x0001_0000_0000_0000 + UInt64(place), kind: .user, keyID: text,
                validPrincipals: [text], validAfter: 1_800_000_000, validBefore: 1_800_604_800,
                criticalOptions: [], extensions: [.permitPTY], signatureKey: authority)
            return CeremonyReport.Item(
                number: place + 1, kind: "issue", summary: text, count: count,
                certificate: .init(
                    authority: text, profile: text, request: .sample(10), requester: text,
                    admitted: .init(30), fields: fields), reason: nil, subject: .toBeSigned,
                digest: .sample(11),
                done: isAbandoned && place == certificates - 1 ? nil : .init(50))
        } + [list]
    }
}

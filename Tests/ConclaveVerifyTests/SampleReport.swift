// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

@testable import conclave_verify

/// The report of a sample ceremony, made apart from the code that makes reports and checks them.
struct SampleReport {
    private let home: SampleHome
    private let manifest: BatchManifest
    private let approvals: [[UInt8]]
    private let certificates: [Certificate]

    init(
        _ home: SampleHome, _ manifest: BatchManifest,
        _ signed: (approvals: [[UInt8]], certificates: [Certificate])
    ) {
        self.home = home
        self.manifest = manifest
        approvals = signed.approvals
        certificates = signed.certificates
    }

    /// The report for programs.
    var json: JSON {
        let header = manifest.header
        let issues = manifest.items.filter { if case .issue = $0 { true } else { false } }
        let checkpoint = Checkpoint(
            genesis: home.genesis.id, size: UInt64(home.entries.count), root: home.root)
        return .object([
            .init("format", .string("conclave-report-v1")),
            .init(
                "home",
                named(
                    home.genesis.id,
                    [.init("founded", .string(home.genesis.created.text))])),
            .init(
                "batch",
                named(
                    manifest.id,
                    [
                        .init("number", .number(Int(header.number))),
                        .init("policy", .string(header.policy.hex)),
                        .init("roster", .string(header.roster.hex)),
                        .init("expires", .string(header.expires.text)),
                    ])),
            .init(
                "ceremony",
                .object(
                    [
                        .init("certificates", .number(certificates.count)),
                        .init("certificates-planned", .number(issues.count)),
                    ] + moment("opened", of: .ceremonyOpened)
                        + moment("closed", of: .ceremonyClosed))),
            .init(
                "checkpoint",
                .object([
                    .init("text", .string(checkpoint.text)),
                    .init("size", .number(home.entries.count)),
                    .init("root", .string(home.root.hex)), .init("words", words(home.root)),
                ])),
            .init("abandonment", abandonment),
            .init("approvals", .array(accepted.map(\.value))),
            .init("tokens", .array(tokens)), .init("items", .array(items)),
        ])
    }

    /// What stands in every rendering for people.
    var page: String {
        var lines = [home.genesis.id.hex, manifest.id.hex, home.root.hex]
        lines += accepted.map(\.approval.key.fingerprint)
        for token in tokens { if case .string(let key)? = token["key"] { lines.append(key) } }
        for item in items {
            if case .string(let digest)? = item["sha256"] { lines.append(digest) }
            if item["done"] == .null { lines.append("NOT ISSUED") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SampleReport {
    private func words(_ digest: SHA256Digest, _ count: Int = 32) -> JSON {
        .string(PGPWords.encode(digest.bytes.prefix(count)).joined(separator: " "))
    }

    private func named(_ digest: SHA256Digest, _ others: [JSON.Member]) -> JSON {
        .object([.init("id", .string(digest.hex)), .init("words", words(digest))] + others)
    }

    /// The entries of one kind that are about this batch.
    private func entries(of kind: EntryKind) -> [LedgerEntry] {
        home.entries.filter { entry in
            entry.kind == kind
                && entry.blocks[0].fields.contains {
                    $0.name == "batch" && $0.value == manifest.id.hex
                }
        }
    }

    private func value(_ name: String, of kind: EntryKind) -> [String] {
        (entries(of: kind).last?.blocks[0].fields ?? []).filter { $0.name == name }.map(\.value)
    }

    private func moment(_ entry: LedgerEntry) -> JSON {
        .object([
            .init("time", .string(entry.time.text)), .init("entry", .number(Int(entry.index))),
        ])
    }

    private func moment(_ name: String, of kind: EntryKind) -> [JSON.Member] {
        entries(of: kind).last.map { [.init(name, moment($0))] } ?? []
    }

    private var abandonment: JSON {
        value("abandoned-by", of: .ceremonyClosed).first.map { by in
            .object([
                .init("id", .string(by)),
                .init("serials", .strings(value("abandoned", of: .ceremonyClosed))),
            ])
        } ?? .null
    }

    private var accepted: [(approval: Approval, value: JSON)] {
        let roster = try? Roster(text: home.founding.roster)
        return approvals.compactMap { armored in
            guard let roster,
                let approval = try? Approval(armored: armored, manifest: manifest, roster: roster)
            else { return nil }
            return (
                approval,
                .object([
                    .init("officer", .string(approval.officer)),
                    .init("key", .string(approval.key.fingerprint)),
                ])
            )
        }
    }

    private var tokens: [JSON] {
        let opened = entries(of: .ceremonyOpened) + entries(of: .token)
        return opened.flatMap { entry in
            entry.blocks.dropFirst().compactMap { block in
                func value(_ name: String) -> String {
                    block.fields.first { $0.name == name }?.value ?? ""
                }
                guard let key = try? PublicKey(line: value("ca-key")) else { return nil }
                return .object([
                    .init("key", .string(key.fingerprint)),
                    .init("words", words(SHA256Digest(hashing: key.blob))),
                    .init("token", .string(value("token"))),
                    .init("claims", .string(value("evidence"))), .init("joined", moment(entry)),
                ])
            }
        }
    }

    private var items: [JSON] {
        guard let roster = try? Roster(text: home.founding.roster) else { return [] }
        let quorum = QuorumDecision(
            manifest: manifest, approvals: accepted.map(\.approval), roster: roster)
        let blocks = String(decoding: manifest.text, as: UTF8.self).split(separator: "\n\n")
        return zip(manifest.items, quorum.items).map { item, count in
            var members: [JSON.Member] = [
                .init("number", .number(count.number)), .init("summary", .string(item.summary)),
                .init("class", .string(item.riskClass)),
                .init("needed", .number(count.threshold ?? 0)),
                .init("counted", .strings(count.counted)),
                .init(
                    "excluded",
                    .array(
                        count.excluded.map {
                            .object([
                                .init("officer", .string($0.officer)),
                                .init("reason", .string($0.reason)),
                            ])
                        })),
            ]
            let subject: String
            let digest: SHA256Digest
            switch item {
            case .issue(let issue):
                (subject, digest) = ("to-be-signed", issue.toBeSigned)
                members.append(.init("certificate", certificate(issue)))
                let isIssued = certificates.contains { $0.fields == issue.fields }
                members.append(.init("done", isIssued ? .bool(true) : .null))
            case .revocationList(let list): (subject, digest) = ("list", list.digest)
            default:
                let lines = blocks[count.number].split(separator: "\n").map { $0 + "\n" }.joined()
                (subject, digest) = ("item", SHA256Digest(hashing: Array(lines.utf8)))
            }
            members += [
                .init("digest-of", .string(subject)), .init("sha256", .string(digest.hex)),
                .init("words", words(digest, 16)),
            ]
            return .object(members)
        }
    }

    private func certificate(_ item: IssueItem) -> JSON {
        let fields = item.fields
        return .object([
            .init("authority", .string(item.authority)), .init("type", .string(fields.kind.name)),
            .init("serial", .string(String(fields.serial))),
            .init("key-id", .string(fields.keyID)),
            .init("principals", .strings(fields.validPrincipals)),
            .init("key", .string(fields.publicKey.fingerprint)),
            .init("ca-key", .string(fields.signatureKey.fingerprint)),
            .init("valid-after", .string(UnixTime(seconds: fields.validAfter).text)),
            .init("valid-before", .string(UnixTime(seconds: fields.validBefore).text)),
            .init("critical-options", .strings(fields.criticalOptions.map(\.text))),
            .init("extensions", .strings(fields.extensions.map(\.rawValue))),
            .init("profile", .string(item.profile)), .init("requester", .optional(item.requester)),
            .init("request", .string(item.request.hex)),
        ])
    }
}

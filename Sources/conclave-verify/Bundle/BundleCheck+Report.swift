// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

extension BundleCheck {
    private static let reportPath = "report.json"
    private static let checkpointPath = "audit/checkpoint.txt"

    /// Holds the three renderings of the report against what the rest of the bundle proves.
    mutating func checkReport(
        _ trail: AuditTrail, batch: ManifestedBatch?, certificates: [UInt64: HandedOut]
    ) {
        let bytes = require(Self.reportPath)
        let pages = ["report.txt", "report.html"].map { ($0, require($0)) }
        guard findings.isSound, let bytes, let batch, let founding,
            let checkpoint = files.files[Self.checkpointPath]?.bytes
        else {
            skip("what the report says", for: "the bundle that it tells of is not sound")
            return
        }
        let history = CeremonyHistory(batch, trail)
        let wanted = Self.report(
            batch, history, trail, founding, certificates: certificates, checkpoint: checkpoint)
        do throws(JSON.ReadingFault) {
            let report = try JSON(parsing: bytes)
            for place in report.differences(from: wanted).prefix(20) {
                findings.fail(
                    Self.reportPath, .report, "\(place) is not what the rest of the bundle says")
            }
        } catch {
            findings.fail(
                Self.reportPath, .report,
                "it cannot be read: byte \(error.offset): \(error.message)")
        }
        for (path, page) in pages {
            guard let page else { continue }
            checkPage(page, path, Self.facts(of: wanted), history)
        }
        if findings.isSound {
            findings.ok(
                "the report tells of this ceremony: \(counted(batch.manifest.items.count, "item")), "
                    + "approvals, tokens and checkpoint, and the words of each digest")
        }
    }

    /// The digests and fingerprints in their order, the marks of what was not done, and no script.
    private mutating func checkPage(
        _ page: [UInt8], _ path: String, _ facts: [String], _ history: CeremonyHistory
    ) {
        var rest = page[...]
        for fact in facts {
            guard let found = rest.place(of: Array(fact.utf8)) else {
                findings.fail(path, .report, "\(fact) is missing in it, or stands in another place")
                return
            }
            rest = rest[found...]
        }
        let given = page.count(of: Array("NOT ISSUED".utf8))
        if given != history.unfinished.count {
            findings.fail(
                path, .report,
                "it marks \(given) certificates as not issued, and there are "
                    + "\(history.unfinished.count)")
        }
        if page.count(of: Array("<script".utf8)) > 0 {
            findings.fail(path, .report, "it brings a script")
        }
    }

    /// What stands in every rendering, in this order.
    private static func facts(of report: JSON) -> [String] {
        func text(_ value: JSON?) -> [String] {
            if case .string(let text)? = value { [text] } else { [] }
        }
        func each(_ list: String, _ name: String) -> [String] {
            guard case .array(let values)? = report[list] else { return [] }
            return values.flatMap { text($0[name]) }
        }
        return text(report["home"]?["id"]) + text(report["batch"]?["id"])
            + text(report["checkpoint"]?["root"]) + each("approvals", "key")
            + each("tokens", "key") + each("items", "sha256")
    }
}

// MARK: - What a report must say

extension BundleCheck {
    /// The part of a report that the bundle proves.
    private static func report(
        _ batch: ManifestedBatch, _ history: CeremonyHistory, _ trail: AuditTrail,
        _ founding: Founding, certificates: [UInt64: HandedOut], checkpoint: [UInt8]
    ) -> JSON {
        let manifest = batch.manifest
        let home = founding.genesis.id
        var ceremony: [JSON.Member] = [
            .init("certificates", .number(certificates.count)),
            .init("certificates-planned", .number(batch.issues.count)),
        ]
        for (name, index) in [("opened", history.opened), ("closed", history.closed)] {
            guard let entry = trail.entries.first(where: { $0.index == index }) else { continue }
            ceremony.append(.init(name, moment(entry)))
        }
        var members: [JSON.Member] = [
            .init("format", .string("conclave-report-v1")),
            .init(
                "home",
                .object([
                    .init("id", .string(home.hex)), .init("words", words(home.bytes)),
                    .init("founded", .string(founding.genesis.created.text)),
                ])),
            .init(
                "batch",
                .object([
                    .init("number", .number(Int(clamping: manifest.header.number))),
                    .init("id", .string(manifest.id.hex)),
                    .init("words", words(manifest.id.bytes)),
                    .init("policy", .string(manifest.header.policy.hex)),
                    .init("roster", .string(manifest.header.roster.hex)),
                    .init("expires", .string(manifest.header.expires.text)),
                ])),
            .init("ceremony", .object(ceremony)),
            .init("checkpoint", self.checkpoint(checkpoint)),
            .init(
                "abandonment",
                history.abandonment.map { abandonment in
                    .object([
                        .init("id", .string(abandonment.by.hex)),
                        .init("serials", .strings(abandonment.serials.map(\.text))),
                    ])
                } ?? .null),
            .init(
                "approvals",
                .array(
                    batch.approvals.map { _, approval in
                        .object([
                            .init("officer", .string(approval.officer)),
                            .init("key", .string(approval.key.fingerprint)),
                        ])
                    })),
            .init("items", .array(items(batch, founding, certificates: certificates))),
        ]
        if history.opened != nil { members.append(.init("tokens", tokens(batch, trail))) }
        return .object(members)
    }

    private static func items(
        _ batch: ManifestedBatch, _ founding: Founding, certificates: [UInt64: HandedOut]
    ) -> [JSON] {
        let quorum = QuorumDecision(
            manifest: batch.manifest, approvals: batch.approvals.map(\.approval),
            roster: founding.roster)
        let counted = zip(batch.manifest.items, quorum.items)
        return zip(counted, batch.manifest.itemLines).map { counted, lines in
            let (item, count) = counted
            var members: [JSON.Member] = [
                .init("number", .number(count.number)), .init("summary", .string(item.summary)),
                .init("class", .string(item.riskClass)),
                .init("needed", .number(count.threshold ?? 0)),
                .init("counted", .strings(count.counted)),
                .init(
                    "excluded",
                    .array(
                        count.excluded.map { exclusion in
                            .object([
                                .init("officer", .string(exclusion.officer)),
                                .init("reason", .string(exclusion.reason)),
                            ])
                        })),
            ]
            if case .issue(let issue) = item {
                members += digest("to-be-signed", issue.toBeSigned)
                members.append(.init("certificate", certificate(issue)))
                if certificates[UInt64(count.number)] == nil {
                    members.append(.init("done", .null))
                }
            } else if case .revocationList(let list) = item {
                members += digest("list", list.digest)
            } else {
                members += digest("item", SHA256Digest(hashing: lines))
            }
            return .object(members)
        }
    }

    private static func certificate(_ item: IssueItem) -> JSON {
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

    private static func tokens(_ batch: ManifestedBatch, _ trail: AuditTrail) -> JSON {
        var values: [JSON] = []
        for (entry, record) in trail.records(of: batch.manifest.id) {
            let devices: [AuditDevice] =
                switch record {
                case .opened(_, let devices), .tookOver(_, let devices): devices
                default: []
                }
            for device in devices {
                values.append(
                    .object([
                        .init("key", .string(device.publicKey.fingerprint)),
                        .init("words", words(SHA256Digest(hashing: device.publicKey.blob).bytes)),
                        .init("token", .string(device.token)),
                        .init("claims", .string(device.evidence)), .init("joined", moment(entry)),
                    ]))
            }
        }
        return .array(values)
    }

    private static func checkpoint(_ bytes: [UInt8]) -> JSON {
        var members: [JSON.Member] = [
            .init("text", .string(String(decoding: bytes, as: UTF8.self)))
        ]
        do throws(Violations) {
            let checkpoint = try Checkpoint(parsing: bytes)
            members += [
                .init("size", .number(Int(clamping: checkpoint.size))),
                .init("root", .string(checkpoint.root.hex)),
                .init("words", words(checkpoint.root.bytes)),
            ]
        } catch {
            // That it cannot be read is told where it is checked.
        }
        return .object(members)
    }

    private static func digest(_ subject: String, _ digest: SHA256Digest) -> [JSON.Member] {
        [
            .init("digest-of", .string(subject)), .init("sha256", .string(digest.hex)),
            .init("words", words(digest.bytes.prefix(16))),
        ]
    }

    private static func moment(_ entry: AuditTrail.Entry) -> JSON {
        .object([
            .init("time", .string(entry.entry.time.text)),
            .init("entry", .number(Int(clamping: entry.index))),
        ])
    }

    private static func words(_ bytes: some Sequence<UInt8>) -> JSON {
        .string(PGPWords.encode(bytes).joined(separator: " "))
    }
}

extension BatchManifest {
    /// The lines of each item, each with its LF, without the empty line before them.
    fileprivate var itemLines: [[UInt8]] {
        var items: [[UInt8]] = []
        var isHead = true
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            if line.isEmpty {
                isHead = false
                items.append([])
            } else if !isHead, let last = items.indices.last {
                items[last] += line + [0x0A]
            }
        }
        return items
    }
}

extension Collection<UInt8> {
    /// The place behind the first of these bytes in their order; nil where they do not stand there.
    fileprivate func place(of wanted: [UInt8]) -> Index? {
        guard let first = wanted.first else { return startIndex }
        var rest = self[...]
        while let found = rest.firstIndex(of: first) {
            rest = rest[found...]
            if rest.starts(with: wanted) { return rest.index(found, offsetBy: wanted.count) }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// How often these bytes stand in a row.
    fileprivate func count(of wanted: [UInt8]) -> Int {
        var rest = self[...]
        var count = 0
        while let found = rest.place(of: wanted) {
            count += 1
            rest = rest[found...]
        }
        return count
    }
}

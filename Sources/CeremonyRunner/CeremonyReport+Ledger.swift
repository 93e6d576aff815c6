// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
public import Reports
import SSHCrypto
import SSHFormats
import TokenEvidence

extension CeremonyReport {
    /// Reports the ceremony of the batch that a person names, by number or the beginning of its ID.
    ///
    /// - Throws: `RunnerError` where there is no such batch, or its ceremony has not ended; what the
    ///   ledger throws.
    public init(of name: String, in ledger: StoredLedger) throws {
        try self.init(CeremonyEntries(ledger, draftedBy: ledger.drafting(of: name)), ledger)
    }

    /// Reports the ceremony of a batch of an open home.
    init(home: Home, batch: BatchState) throws {
        let ledger = StoredLedger(home)
        let drafted = try ledger.store.entry(at: batch.entry)
        try self.init(CeremonyEntries(ledger, draftedBy: drafted), ledger)
    }

    private init(_ entries: CeremonyEntries, _ ledger: StoredLedger) throws {
        let manifest = entries.manifest
        guard let opened = entries.opened, let closed = entries.closed else {
            throw RunnerError.damaged(
                "batch \(manifest.header.number) has no beginning or no end in the ledger")
        }
        let genesis = try Genesis(text: ledger.content(ledger.genesis))
        self.init(
            founded: genesis.created,
            batch: Batch(
                number: manifest.header.number, id: manifest.id, policy: manifest.header.policy,
                roster: manifest.header.roster, drafted: Moment(entries.drafted),
                expires: manifest.header.expires),
            course: Course(
                opened: Moment(opened.entry), closed: Moment(closed.entry),
                program: opened.record.tool, tier: opened.record.tier,
                tierMeaning: Tool.meaning(ofTier: opened.record.tier)),
            abandonment: try closed.record.abandonment.map { try Abandonment($0, ledger) },
            approvals: entries.approvals.map { approval, entry in
                Approval(
                    officer: approval.officer, key: Key(approval.key), accepted: Moment(entry))
            },
            tokens: entries.devices.map { device, entry in
                let key = genesis.keys.first { $0.publicKey == device.publicKey }
                return Token(device, authority: key?.authority ?? "", joined: Moment(entry))
            },
            exceptions: entries.exceptions.map { record, entry in
                Confirmation(
                    rule: record.rule.name, message: record.message, recorded: Moment(entry))
            },
            items: try Self.items(entries, closed: Moment(closed.entry), ledger),
            persons: entries.roster.officers.map { Person(name: $0.name, isOfficer: true) }
                + entries.roster.witnesses.map { Person(name: $0.name, isOfficer: false) },
            checkpoint: try ledger.checkpoint(size: closed.entry.index + 1))
    }

    private static func items(
        _ entries: CeremonyEntries, closed: Moment, _ ledger: StoredLedger
    ) throws -> [Item] {
        let manifest = entries.manifest
        let quorum = QuorumDecision(
            manifest: manifest, approvals: entries.approvals.map(\.approval),
            roster: entries.roster)
        let isWhole = entries.closed?.record.abandonment == nil
        var items: [Item] = []
        // The blocks of the manifest: its head, and one for each item.
        let blocks = manifest.text.blocks.dropFirst()
        for ((item, count), lines) in zip(zip(manifest.items, quorum.items), blocks) {
            var certificate: Item.Certificate?
            var subject = Item.Subject.lines
            var digest = SHA256Digest(hashing: lines)
            var done = isWhole ? closed : nil
            if case .issue(let issue) = item {
                certificate = Item.Certificate(issue, admitted: try ledger.admission(of: issue))
                (subject, digest) = (.toBeSigned, issue.toBeSigned)
                done = entries.issued[UInt64(count.number)].map(Moment.init)
            } else if case .revocationList(let list) = item {
                (subject, digest) = (.list, list.digest)
                done = entries.list.map(Moment.init)
            } else if case .newEpoch = item {
                done = entries.epoch.map(Moment.init)
            }
            items.append(
                Item(
                    number: count.number, kind: lines.value(of: "kind") ?? "",
                    summary: item.summary,
                    count: Item.Count(
                        riskClass: count.riskClass, needed: count.threshold ?? 0,
                        counted: count.counted,
                        excluded: count.excluded.map {
                            Item.Exclusion(officer: $0.officer, reason: $0.reason)
                        }),
                    certificate: certificate, reason: lines.value(of: "reason"),
                    subject: subject, digest: digest, done: done))
        }
        return items
    }
}

extension StoredLedger {
    /// The ledger of a home that is open.
    convenience init(_ home: Home) {
        self.init(store: home.store, genesis: home.state.id)
    }

    /// The entry that admitted the request of an item.
    fileprivate func admission(of item: IssueItem) throws -> CeremonyReport.Moment? {
        for index in try store.find(.request(item.request)) {
            let entry = try store.entry(at: index)
            guard entry.kind == .request else { continue }
            if try RequestRecord(entry).request == item.request {
                return CeremonyReport.Moment(entry)
            }
        }
        return nil
    }
}

extension CeremonyReport.Moment {
    fileprivate init(_ entry: LedgerEntry) {
        self.init(entry: entry.index, time: entry.time)
    }
}

extension CeremonyReport.Abandonment {
    fileprivate init(
        _ abandonment: CeremonyClosedRecord.Abandonment, _ ledger: StoredLedger
    ) throws {
        let decision = try BatchManifest(text: ledger.content(abandonment.by))
        self.init(
            batch: decision.header.number, manifest: abandonment.by,
            reason: decision.abandonment?.reason ?? "",
            serials: abandonment.serials.map(\.text))
    }
}

extension CeremonyReport.Token {
    fileprivate init(
        _ device: CeremonyOpenedRecord.Device, authority: String, joined: CeremonyReport.Moment
    ) {
        let proof = device.proof
        let attestation = proof.standing.map { standing in
            Attestation(
                isVerified: standing == .verified, statement: proof.statement, root: proof.root,
                certificates: proof.certificates.count, faults: proof.faults)
        }
        self.init(
            authority: authority, key: CeremonyReport.Key(device.publicKey), uri: device.token,
            module: device.module, claims: device.evidence,
            firmware: proof.firmware?.description, attestation: attestation,
            advisories: proof.advisories, joined: joined)
    }
}

extension CeremonyReport.Item.Certificate {
    fileprivate init(_ item: IssueItem, admitted: CeremonyReport.Moment?) {
        self.init(
            authority: item.authority, profile: item.profile, request: item.request,
            requester: item.requester, admitted: admitted, fields: item.fields)
    }
}

extension [UInt8] {
    /// The blocks of a canonical text, without the empty lines between them.
    fileprivate var blocks: [ArraySlice<UInt8>] {
        var blocks: [ArraySlice<UInt8>] = []
        var start = startIndex
        for place in indices where self[place] == 0x0A && place > start {
            guard self[place - 1] == 0x0A else { continue }
            blocks.append(self[start..<place])
            start = place + 1
        }
        return blocks + [self[start...]]
    }
}

extension ArraySlice<UInt8> {
    /// The value of the first line of this name.
    fileprivate func value(of name: String) -> String? {
        let opening = Array("\(name): ".utf8)
        return split(separator: 0x0A).first { $0.starts(with: opening) }
            .map { String(decoding: $0.dropFirst(opening.count), as: UTF8.self) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

extension SampleHome {
    /// What a test lets go wrong in a ceremony.
    struct Irregularity: OptionSet {
        let rawValue: Int
        /// The certificates are signed before their intents are recorded.
        static let intentAfterIssue = Irregularity(rawValue: 1)
        /// An officer rejects the batch, and it is carried out all the same.
        static let rejected = Irregularity(rawValue: 2)
        /// The last approval comes when the ceremony has begun.
        static let lateApproval = Irregularity(rawValue: 4)
        /// The ceremony begins when the batch has expired.
        static let expired = Irregularity(rawValue: 8)
        /// The approvals are recorded under another key than the one that made them.
        static let otherKey = Irregularity(rawValue: 16)
    }

    /// The last entry that set rules.
    var governing: LedgerEntry? { entries.last { $0.kind == .epoch } ?? entries.first }

    /// Records that the epoch of a batch begins.
    private mutating func beginEpoch(_ manifest: BatchManifest) throws {
        var draft = EntryDraft(.epoch)
        draft.field("batch", manifest.id.hex)
        for case .newEpoch(let item) in manifest.items {
            draft.block()
            draft.field("authority", item.authority)
            draft.field("epoch", String(item.epoch))
            draft.field("next-serial", String(item.nextSerial))
        }
        if !manifest.newEpochs.isEmpty { try append(draft) }
    }

    /// Drafts a batch on the ledger as it stands.
    mutating func draft(_ items: [BatchItem], number: UInt64) throws -> BatchManifest {
        guard let head = governing, let expires = now.adding(TimeSpan(seconds: 7 * 86_400))
        else { throw SampleFault(description: "the sample's ledger is empty") }
        let manifest = BatchManifest(
            header: .init(
                genesis: genesis.id, number: number, ledgerSize: UInt64(entries.count),
                ledgerRoot: root, governingHead: head.digest, roster: roster.digest,
                policy: policy.digest, created: now, expires: expires, tool: "conclave 0.1.0"),
            items: items)
        var draft = EntryDraft(.batch)
        draft.field("batch", manifest.id.hex)
        draft.field("number", String(number))
        try append(draft, [manifest.text])
        return manifest
    }

    /// Carries out a batch that these officers approve, and answers what was signed.
    mutating func carryOut(
        _ manifest: BatchManifest, approvedBy officers: [String],
        _ irregularity: Irregularity = [], ends: Bool = true
    ) throws -> (approvals: [[UInt8]], certificates: [Certificate]) {
        var approvals: [[UInt8]] = []
        for officer in officers {
            if irregularity.contains(.lateApproval), officer == officers.last {
                try open(manifest)
            }
            approvals.append(
                try approve(
                    manifest, by: officer,
                    key: irregularity.contains(.otherKey) ? "SHA256:other" : nil))
        }
        if irregularity.contains(.rejected) { try reject(manifest, by: "Carla Roe") }
        if irregularity.contains(.expired) { wait(8 * 86_400) }
        if !irregularity.contains(.lateApproval) { try open(manifest) }
        var certificates: [Certificate] = []
        for (index, item) in manifest.items.enumerated() {
            guard case .issue(let issue) = item else { continue }
            let number = index + 1
            if !irregularity.contains(.intentAfterIssue) {
                try intend(issue, number: number, in: manifest)
            }
            certificates.append(try sign(issue, number: number, in: manifest))
            if irregularity.contains(.intentAfterIssue) {
                try intend(issue, number: number, in: manifest)
            }
        }
        try beginEpoch(manifest)
        try publish(manifest)
        if ends { try close(manifest, certificates: certificates.count) }
        return (approvals, certificates)
    }

    /// Ends a ceremony with the state as it is then, or as a test would have it.
    mutating func close(
        _ manifest: BatchManifest, certificates: Int,
        abandoned: (by: BatchManifest, serials: [AuthoritySerials])? = nil,
        forging forge: ([UInt8]) -> [UInt8] = { $0 }
    ) throws {
        let state = forge(
            try SampleState(self, ending: manifest.id, by: abandoned?.by.id).text)
        var draft = EntryDraft(.ceremonyClosed)
        draft.field("batch", manifest.id.hex)
        draft.field("certificates", String(certificates))
        if let abandoned {
            draft.field("abandoned-by", abandoned.by.id.hex)
            for serials in abandoned.serials { draft.field("abandoned", serials.text) }
        }
        draft.field("state", SHA256Digest(hashing: state).hex)
        try append(draft, [state])
    }

    mutating func approve(
        _ manifest: BatchManifest, by officer: String, key: String? = nil
    ) throws -> [UInt8] {
        let armored = try keys.sign(
            manifest.text, by: Self.account(officer), for: BatchManifest.namespace)
        var draft = EntryDraft(.approval)
        draft.field("batch", manifest.id.hex)
        draft.field("officer", officer)
        draft.field("key", try key ?? SSHSIG(armored: armored).publicKey.fingerprint)
        draft.field("signature", SHA256Digest(hashing: armored).hex)
        try append(draft, [armored])
        return armored
    }

    private mutating func reject(_ manifest: BatchManifest, by officer: String) throws {
        let text = Rejection.Text(
            genesis: genesis.id, batch: manifest.id, created: now, reason: "wrong host"
        ).bytes
        let armored = try keys.sign(
            text, by: Self.account(officer), for: Rejection.namespace)
        var draft = EntryDraft(.rejection)
        draft.field("batch", manifest.id.hex)
        draft.field("officer", officer)
        draft.field("reason", "wrong host")
        draft.field("text", SHA256Digest(hashing: text).hex)
        draft.field("signature", SHA256Digest(hashing: armored).hex)
        try append(draft, [text, armored])
    }

    mutating func open(_ manifest: BatchManifest) throws {
        var draft = EntryDraft(.ceremonyOpened)
        draft.field("batch", manifest.id.hex)
        draft.field("tier", "T1")
        draft.field("tool", "conclave 0.1.0")
        var seen: [PublicKey] = []
        for case .issue(let item) in manifest.items
        where !seen.contains(item.fields.signatureKey) {
            seen.append(item.fields.signatureKey)
            draft.block()
            draft.field("ca-key", item.fields.signatureKey.line)
            draft.field("token", "pkcs11:token=a;serial=28751259")
            draft.field("module", "/usr/lib/module.so")
            draft.field("evidence", "sensitive=true")
            for field in proofs[item.fields.signatureKey] ?? [] {
                draft.field(field.name, field.value)
            }
        }
        try append(draft)
    }

    mutating func intend(
        _ item: IssueItem, number: Int, in manifest: BatchManifest
    ) throws {
        var draft = EntryDraft(.intent)
        draft.field("batch", manifest.id.hex)
        draft.field("sign", "\(number) \(item.fields.serial) \(item.toBeSigned.hex)")
        try append(draft)
    }

    mutating func sign(
        _ item: IssueItem, number: Int, in manifest: BatchManifest
    ) throws -> Certificate {
        let authority = item.authority.split(separator: "@").first.map(String.init) ?? ""
        let certificate = try keys.certify(item.rebuild().bytes, by: authority)
        var draft = EntryDraft(.issued)
        draft.field("batch", manifest.id.hex)
        draft.field("item", String(number))
        draft.field("authority", item.authority)
        draft.field("request", item.request.hex)
        draft.field("certificate", certificate.line())
        try append(draft)
        return certificate
    }

    mutating func publish(_ manifest: BatchManifest) throws {
        for case .revocationList(let list) in manifest.items {
            var draft = EntryDraft(.krl)
            draft.field("batch", manifest.id.hex)
            draft.field("version", String(list.version))
            draft.field("list", list.digest.hex)
            try append(draft, [list.bytes])
        }
    }
}

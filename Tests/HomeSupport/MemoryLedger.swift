// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// A home in memory: entries, contents, and the state that they replay to.
///
/// What the state refuses is not kept, so that one ledger can be asked many things.
public struct MemoryLedger {
    /// What the entries replay to.
    public private(set) var state: HomeState
    /// The entries, the genesis first.
    public private(set) var entries: [LedgerEntry]
    /// The texts that the entries name.
    public private(set) var contents: [SHA256Digest: [UInt8]]

    /// Founds the sample home, its genesis signed by every officer.
    public init(
        policy: String = SampleTexts.policy, roster: String? = nil,
        signedBy officers: [String] = SampleTexts.officers, keys: [String]? = nil,
        at founded: String = "2026-11-22T08:00:00Z"
    ) throws {
        let policyText = Array(policy.utf8)
        let rosterText = Array(try (roster ?? SampleTexts.roster()).utf8)
        let names = keys ?? ["users-ca users@example.org", "hosts-ca hosts@example.org"]
        let genesis = Genesis(
            created: try time(founded), policy: SHA256Digest(hashing: policyText),
            roster: SHA256Digest(hashing: rosterText), tool: "conclave test",
            keys: try names.map { name in
                let parts = name.split(separator: " ").map(String.init)
                return Genesis.AuthorityKey(
                    authority: parts[1], publicKey: try SoftwareKey(parts[0]).publicKey,
                    token: "pkcs11:token=\(parts[0])")
            })
        let record = GenesisRecord(
            genesis: genesis.text, policy: policyText, roster: rosterText,
            signatures: try officers.map {
                try SoftwareKey($0).seal(genesis.text, namespace: Genesis.namespace)
            })
        try self.init(record.draft, at: time(founded))
    }

    /// Begins a ledger with whatever this entry is.
    public init(_ draft: EntryDraft, at time: UnixTime) throws {
        let contents = Dictionary(
            draft.contents.map { ($0.digest, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        let entry = try draft.entry(index: 0, time: time)
        state = try HomeState(entry) { contents[$0] }
        entries = [entry]
        self.contents = contents
    }

    /// Appends an entry; what the state refuses is not kept.
    @discardableResult
    public mutating func append(
        _ draft: EntryDraft, at time: UnixTime, without missing: SHA256Digest? = nil
    ) throws -> LedgerEntry {
        var contents = contents
        for content in draft.contents { contents[content.digest] = content.bytes }
        if let missing { contents[missing] = nil }
        let entry = try draft.entry(index: UInt64(entries.count), time: time)
        var next = state
        try next.apply(entry) { contents[$0] }
        state = next
        entries.append(entry)
        self.contents = contents
        return entry
    }

    /// Replays the entries, each first given to `change`, with the contents as they are or as given.
    public func replay(
        contents changed: [SHA256Digest: [UInt8]]? = nil,
        _ change: (LedgerEntry) throws -> LedgerEntry? = { $0 }
    ) throws -> HomeState {
        let contents = changed ?? contents
        var state: HomeState?
        for entry in entries {
            guard let entry = try change(entry) else { continue }
            if state == nil {
                state = try HomeState(entry) { contents[$0] }
            } else {
                try state?.apply(entry) { contents[$0] }
            }
        }
        struct NoEntries: Error {}
        guard let state else { throw NoEntries() }
        return state
    }
}

extension HomeState {
    /// The digest of what decides, as a ceremony's end would record it now.
    public var digest: SHA256Digest { deciding(at: lastTime).digest }
}

// MARK: - One step after the other

extension MemoryLedger {
    /// Admits a request.
    @discardableResult
    public mutating func admit(
        _ draft: RequestDraft, for key: SoftwareKey, at time: String = "2026-11-22T09:30:00Z"
    ) throws -> CertificateRequest {
        let request = try draft.request(signedBy: key)
        try append(RequestRecord(request, name: "x.req").draft, at: HomeSupport.time(time))
        return request
    }

    /// Drafts a batch and records it.
    @discardableResult
    public mutating func draft(
        _ order: BatchDraft.Order, at time: String = "2026-11-22T10:00:00Z"
    ) throws -> BatchManifest {
        let draft = try drafted(order, at: time)
        try append(BatchRecord(draft.manifest).draft, at: HomeSupport.time(time))
        return draft.manifest
    }

    /// Drafts a batch of everything that waits and records it.
    @discardableResult
    public mutating func draftPending(
        at time: String = "2026-11-22T10:00:00Z"
    ) throws -> BatchManifest {
        let pending = state.pendingRequests(at: try HomeSupport.time(time)).map(\.request)
        return try draft(BatchDraft.Order(requests: pending), at: time)
    }

    /// Drafts a batch without recording it.
    public func drafted(
        _ order: BatchDraft.Order, at time: String = "2026-11-22T10:00:00Z"
    ) throws -> BatchDraft {
        var count: UInt8 = 0
        return try BatchDraft(
            order, state: state,
            circumstances: BatchDraft.Circumstances(
                time: HomeSupport.time(time), ledgerRoot: state.root, tool: "conclave test"),
            nonce: {
                count &+= 1
                return [UInt8](repeating: count, count: 32)
            })
    }

    /// Records approvals by these officers.
    public mutating func approve(
        _ manifest: BatchManifest, by officers: String...,
        at time: String = "2026-11-22T11:00:00Z"
    ) throws {
        for officer in officers {
            let approval = try SampleBatch.approval(
                of: manifest, by: officer, roster: state.roster)
            try append(
                ApprovalRecord(approval, batch: manifest.id).draft, at: HomeSupport.time(time))
        }
    }

    /// Records a rejection.
    public mutating func reject(
        _ manifest: BatchManifest, by officer: String, at time: String = "2026-11-22T11:00:00Z"
    ) throws {
        let text = Rejection.Text(
            genesis: state.id, batch: manifest.id, created: try HomeSupport.time(time),
            reason: "not now")
        let armored = try SoftwareKey(officer).seal(text.bytes, namespace: Rejection.namespace)
        let rejection = try Rejection(
            text: text.bytes, armored: armored, manifest: manifest, roster: state.roster)
        try append(RejectionRecord(rejection).draft, at: HomeSupport.time(time))
    }

    /// Records the opening of a batch's ceremony.
    public mutating func open(
        _ manifest: BatchManifest, at time: String = "2026-11-22T12:00:00Z"
    ) throws {
        try append(opening(of: manifest).draft, at: HomeSupport.time(time))
    }

    /// The record that opens a batch's ceremony.
    public func opening(of manifest: BatchManifest) -> CeremonyOpenedRecord {
        CeremonyOpenedRecord(
            batch: manifest.id, tier: "T1", tool: "conclave test",
            devices: (state.batch(manifest.id)?.signatureKeys ?? []).map {
                CeremonyOpenedRecord.Device(
                    publicKey: $0, token: "pkcs11:", module: "/module.so",
                    evidence: "CKA_SENSITIVE=true")
            })
    }

    /// Signs and records what remains of an opened batch, its list and its end.
    public mutating func carryOut(
        _ manifest: BatchManifest, at time: String = "2026-11-22T12:00:00Z"
    ) throws {
        let time = try HomeSupport.time(time)
        for (number, item) in state.batch(manifest.id)?.remaining ?? [] {
            try append(Self.intent(manifest, number, item).draft, at: time)
            try append(Self.issued(manifest, number, item).draft, at: time)
        }
        if !manifest.newEpochs.isEmpty {
            try append(EpochRecord(manifest).draft, at: time)
        }
        if let list = state.batch(manifest.id)?.revocationList {
            try append(
                RevocationListRecord(batch: manifest.id, version: list.version, list: list.bytes)
                    .draft, at: time)
        }
        guard let batch = state.batch(manifest.id) else { return }
        for record in state.closingRecords(of: batch, at: time) {
            try append(record.draft, at: time)
        }
    }

    /// Signs and records the next items of an opened batch.
    public mutating func sign(
        _ count: Int, of manifest: BatchManifest, at time: String = "2026-11-22T12:00:00Z"
    ) throws {
        for (number, item) in (state.batch(manifest.id)?.remaining ?? []).prefix(count) {
            let time = try HomeSupport.time(time)
            try append(Self.intent(manifest, number, item).draft, at: time)
            try append(Self.issued(manifest, number, item).draft, at: time)
        }
    }

    /// Drafts the batch that abandons another's ceremony, and records it.
    @discardableResult
    public mutating func abandon(
        _ manifest: BatchManifest, reason: String = "the token is dead",
        at time: String = "2026-11-22T12:00:00Z"
    ) throws -> BatchManifest {
        struct NoBatch: Error {}
        guard let batch = state.batch(manifest.id) else { throw NoBatch() }
        let draft = try BatchDraft(
            abandoning: batch, reason: reason, state: state,
            circumstances: BatchDraft.Circumstances(
                time: HomeSupport.time(time), ledgerRoot: state.root, tool: "conclave test"))
        try append(BatchRecord(draft.manifest).draft, at: HomeSupport.time(time))
        return draft.manifest
    }

    /// Drafts the batch that begins a new epoch, and records it.
    @discardableResult
    public mutating func newEpoch(
        reason: String = "the disk is lost", givingUp anchors: [NewEpochItem.Anchor] = [],
        behind lost: UInt64? = nil, at time: String = "2026-11-22T12:00:00Z"
    ) throws -> BatchManifest {
        let draft = try BatchDraft(
            newEpoch: reason, givingUp: anchors, behind: lost, state: state,
            circumstances: BatchDraft.Circumstances(
                time: HomeSupport.time(time), ledgerRoot: state.root, tool: "conclave test"))
        try append(BatchRecord(draft.manifest).draft, at: HomeSupport.time(time))
        return draft.manifest
    }

    /// The record that ends a batch's ceremony.
    public func closing(
        of manifest: BatchManifest, at time: String = "2026-11-22T12:00:00Z"
    ) throws -> CeremonyClosedRecord {
        struct NoBatch: Error {}
        guard let batch = state.batch(manifest.id),
            let record = state.closingRecords(of: batch, at: try HomeSupport.time(time)).last
        else { throw NoBatch() }
        return record
    }

    /// Approves by Pavel and Quinn, opens, and carries a batch out.
    public mutating func complete(
        _ manifest: BatchManifest, at time: String = "2026-11-22T12:00:00Z"
    ) throws {
        try approve(manifest, by: "pavel", "quinn", at: time)
        try open(manifest, at: time)
        try carryOut(manifest, at: time)
    }

    /// The intent of one item.
    public static func intent(
        _ manifest: BatchManifest, _ number: UInt64, _ item: IssueItem
    ) -> IntentRecord {
        IntentRecord(
            batch: manifest.id,
            items: [
                IntentRecord.Item(
                    number: number, serial: item.fields.serial, toBeSigned: item.toBeSigned)
            ])
    }

    /// The record of the certificate that one item becomes.
    public static func issued(
        _ manifest: BatchManifest, _ number: UInt64, _ item: IssueItem
    ) throws -> IssuedRecord {
        let bytes = try item.fields.toBeSigned()
        struct NoKey: Error {}
        let names = ["users-ca", "hosts-ca", "users-ca-2"]
        guard
            let authority = try names.map({ try SoftwareKey($0) }).first(where: {
                $0.publicKey == item.fields.signatureKey
            })
        else { throw NoKey() }
        return IssuedRecord(
            batch: manifest.id, number: number, authority: item.authority, request: item.request,
            certificate: try Certificate(toBeSigned: bytes, signature: authority.sign(bytes)))
    }
}

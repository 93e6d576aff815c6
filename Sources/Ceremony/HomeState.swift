// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats

/// A home's state: the replay of its ledger, and nothing else.
public struct HomeState: Sendable {
    /// A request that was admitted.
    public struct AdmittedEntry: Sendable {
        /// The request.
        public let request: CertificateRequest
        /// The name that its file had in the spool.
        public let name: String
        /// The ledger entry that admitted it.
        public let entry: UInt64
        /// The batches that it was drafted into, by their numbers.
        public fileprivate(set) var batches: [UInt64] = []
    }

    /// A certificate that was issued.
    public struct IssuedEntry: Sendable {
        /// The ledger entry that recorded it.
        public let entry: UInt64
        /// The batch's number.
        public let batch: UInt64
        /// The authority.
        public let authority: String
        /// The request.
        public let request: SHA256Digest
        /// The certificate's fields.
        public let fields: CertificateFields
    }

    /// The home's identity: the SHA-256 of the genesis text.
    public let id: SHA256Digest
    /// The genesis.
    public let genesis: Genesis
    /// The policy in force.
    public let policy: Policy
    /// The roster in force.
    public let roster: Roster
    /// The digest of the last entry that changed the rules.
    public private(set) var governingHead: SHA256Digest
    /// The next serial of each authority.
    public private(set) var nextSerials: [String: UInt64]
    /// Every request that was admitted, by ID.
    public private(set) var requests: [SHA256Digest: AdmittedEntry] = [:]
    /// The requests' IDs in the order of their admission.
    public private(set) var requestOrder: [SHA256Digest] = []
    /// The batches, in the order of their numbers, which count from 1.
    public private(set) var batches: [BatchState] = []
    /// What was revoked.
    public private(set) var revocations: RevocationState
    /// Every certificate, in the order of the ledger.
    public private(set) var issued: [IssuedEntry] = []
    /// The number of ledger entries.
    public private(set) var size: UInt64 = 1
    /// The time of the last entry.
    public private(set) var lastTime: UnixTime

    /// Begins with the first entry.
    ///
    /// - Throws: `Violations` where the genesis is not signed by every officer, or its texts do not
    ///   belong together.
    public init(
        _ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        guard entry.kind == .genesis, entry.index == 0 else {
            throw Violations(Violation(.recordText, "the ledger does not begin with a genesis"))
        }
        let record = try GenesisRecord(entry)
        let genesisText = try Self.require(record.genesis, "genesis text", content)
        genesis = try Genesis(text: genesisText)
        policy = try Policy(text: Self.require(record.policy, "policy text", content))
        roster = try Roster(text: Self.require(record.roster, "roster text", content))
        try genesis.check(policy: policy, roster: roster)
        var signatures: [[UInt8]] = []
        for digest in record.signatures {
            signatures.append(try Self.require(digest, "genesis signature", content))
        }
        let missing = try genesis.missingOfficers(signatures: signatures, roster: roster)
        guard missing.isEmpty else {
            throw Violations(
                Violation(
                    .genesisSignature,
                    "the genesis lacks the signature of \(missing.joined(separator: ", "))"))
        }
        id = genesis.id
        governingHead = entry.digest
        nextSerials = Dictionary(
            policy.authorities.map { ($0.name, 1) }, uniquingKeysWith: { first, _ in first })
        revocations = try RevocationState(genesis: genesis)
        lastTime = entry.time
    }

    /// The CA keys of an authority; the first signs.
    public func authorityKeys(_ authority: String) -> [PublicKey] {
        genesis.keys.filter { $0.authority == authority }.map(\.publicKey)
    }

    /// The batch with this ID.
    public func batch(_ id: SHA256Digest) -> BatchState? {
        batches.first { $0.manifest.id == id }
    }

    /// What bears on the decision about a request.
    public var history: IssuanceHistory {
        IssuanceHistory(
            admittedRequests: Set(requests.keys), revokedKeys: revocations.keys,
            authorityKeys: Set(genesis.keys.map(\.publicKey)))
    }

    /// The requests that are in no batch that could still be carried out or was, in the order of
    /// their admission.
    public func pendingRequests(at time: UnixTime) -> [AdmittedEntry] {
        requestOrder.compactMap { id in
            guard let entry = requests[id] else { return nil }
            let isTaken = entry.batches.contains { number in
                guard let batch = batches.first(where: { $0.number == number }) else {
                    return false
                }
                return batch.phase(at: time).takesItsRequests
            }
            return isTaken ? nil : entry
        }
    }

    /// Takes in the next entry.
    ///
    /// - Throws: `Violations` where it does not follow from the state.
    public mutating func apply(
        _ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        guard entry.index == size, entry.time >= lastTime else {
            throw Violations(
                Violation(
                    .recordText, "entry \(entry.index) does not follow entry \(size - 1)"))
        }
        switch entry.kind {
        case .request: try applyRequest(entry, content)
        case .refusal: _ = try RefusalRecord(entry)
        case .batch: try applyBatch(entry, content)
        case .approval: try applyApproval(entry, content)
        case .rejection: try applyRejection(entry, content)
        case .ceremonyOpened:
            let record = try CeremonyOpenedRecord(entry)
            try update(record.batch, entry) { $0.open(record, entry: entry) }
        case .intent:
            let record = try IntentRecord(entry)
            try update(record.batch, entry) { $0.intend(record, entry: entry) }
        case .issued: try applyIssued(entry)
        case .krl:
            let record = try RevocationListRecord(entry)
            let list = try Self.require(record.list, "revocation list", content)
            try update(record.batch, entry) { $0.release(record, entry: entry) }
            revocations.publish(version: record.version, list: list)
        case .ceremonyClosed: try applyClosed(entry)
        case .exception: _ = try ExceptionRecord(entry)
        case .genesis, .roster, .policy, .token, .key, .epoch:
            throw Violations(
                Violation(
                    .recordText,
                    "entry \(entry.index): kind \(entry.kind.rawValue) is not expected here"))
        }
        size += 1
        lastTime = entry.time
    }

    /// The digest of everything that decides what may be issued next.
    ///
    /// Serial counters, roster, policy, keys and revocations are in it; requests are not.
    public var digest: SHA256Digest {
        var writer = DocumentWriter(kind: "state")
        writer.field("genesis", id.hex)
        writer.field("governing-head", governingHead.hex)
        writer.field("policy", policy.digest.hex)
        writer.field("roster", roster.digest.hex)
        writer.field("batches", String(batches.count))
        revocations.write(to: &writer)
        for authority in policy.authorities {
            writer.block()
            writer.field("authority", authority.name)
            writer.field("next-serial", String(nextSerials[authority.name] ?? 1))
            for key in authorityKeys(authority.name) { writer.field("ca-key", key.line) }
        }
        return SHA256Digest(hashing: writer.bytes)
    }
}

extension HomeState {
    private static func require(
        _ digest: SHA256Digest, _ what: String, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) -> [UInt8] {
        guard let bytes = content(digest) else {
            throw Violations(
                Violation(.recordText, "the \(what) \(digest.hex) is not in the ledger"))
        }
        return bytes
    }

    private mutating func update(
        _ id: SHA256Digest, _ entry: LedgerEntry, _ change: (inout BatchState) -> String?
    ) throws(Violations) {
        guard let place = batches.firstIndex(where: { $0.manifest.id == id }) else {
            throw Violations(
                Violation(.recordText, "entry \(entry.index) names a batch that is not there"))
        }
        if let fault = change(&batches[place]) {
            throw Violations(Violation(.recordText, "entry \(entry.index): \(fault)"))
        }
    }

    private mutating func applyRequest(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        let record = try RequestRecord(entry)
        let request = try CertificateRequest(
            file: Self.require(record.file, "request", content))
        guard request.id == record.request, requests[request.id] == nil else {
            throw Violations(
                Violation(
                    .recordText, "entry \(entry.index): the request is another, or there already"))
        }
        requests[request.id] = AdmittedEntry(
            request: request, name: record.name, entry: entry.index)
        requestOrder.append(request.id)
    }

    private mutating func applyBatch(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        let record = try BatchRecord(entry)
        let manifest = try BatchManifest(
            text: Self.require(record.batch, "batch manifest", content))
        guard manifest.header.number == UInt64(batches.count) + 1,
            manifest.header.ledgerSize == entry.index, manifest.header.genesis == id
        else {
            throw Violations(
                Violation(
                    .recordText,
                    "entry \(entry.index): the batch was not drafted on the ledger as it stands"))
        }
        for case .issue(let item) in manifest.items {
            guard let next = nextSerials[item.authority], item.fields.serial == next else {
                throw Violations(
                    Violation(
                        .recordText,
                        "entry \(entry.index): serial \(item.fields.serial) of "
                            + "\(item.authority) is not the next"))
            }
            nextSerials[item.authority] = next + 1
            requests[item.request]?.batches.append(manifest.header.number)
        }
        batches.append(BatchState(manifest: manifest, entry: entry.index))
    }

    private mutating func applyApproval(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        let record = try ApprovalRecord(entry)
        guard let batch = batch(record.batch) else {
            throw Violations(
                Violation(.recordText, "entry \(entry.index) approves a batch that is not there"))
        }
        let approval = try Approval(
            armored: Self.require(record.signature, "approval", content),
            manifest: batch.manifest, roster: roster)
        guard approval.officer == record.officer else {
            throw Violations(
                Violation(
                    .recordText,
                    "entry \(entry.index): the approval is by \(approval.officer), not by "
                        + record.officer))
        }
        try update(record.batch, entry) { $0.approve(approval, entry: entry) }
    }

    private mutating func applyRejection(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        let record = try RejectionRecord(entry)
        guard let batch = batch(record.batch) else {
            throw Violations(
                Violation(.recordText, "entry \(entry.index) rejects a batch that is not there"))
        }
        let rejection = try Rejection(
            text: Self.require(record.text, "rejection", content),
            armored: Self.require(record.signature, "rejection signature", content),
            manifest: batch.manifest, roster: roster)
        try update(record.batch, entry) { $0.reject(rejection, entry: entry) }
    }

    private mutating func applyIssued(_ entry: LedgerEntry) throws(Violations) {
        let record = try IssuedRecord(entry)
        try update(record.batch, entry) { $0.issue(record, entry: entry) }
        guard let number = batch(record.batch)?.number else { return }
        issued.append(
            IssuedEntry(
                entry: entry.index, batch: number, authority: record.authority,
                request: record.request, fields: record.certificate.fields))
    }

    /// Takes in what a batch changes of the state that decides, apart from its revocation list.
    mutating func carryOut(_ batch: BatchState) {
        for case .revoke(let item) in batch.manifest.items {
            revocations.insert(item, batch: batch.number)
        }
    }

    private mutating func applyClosed(_ entry: LedgerEntry) throws(Violations) {
        let record = try CeremonyClosedRecord(entry)
        if let batch = batch(record.batch) { carryOut(batch) }
        let list = revocations.list
        try update(record.batch, entry) { $0.close(record, entry: entry, list: list) }
        guard digest == record.state else {
            throw Violations(
                Violation(
                    .stateDigest,
                    "entry \(entry.index) recorded state \(record.state.hex), the replay gives "
                        + digest.hex,
                    hint: "the ledger was altered; run conclave ledger verify"))
        }
    }
}

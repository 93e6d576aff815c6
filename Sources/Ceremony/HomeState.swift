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
        public internal(set) var batches: [UInt64] = []
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
    public internal(set) var governingHead: SHA256Digest
    /// The next serial of each authority.
    public internal(set) var nextSerials: [String: UInt64]
    /// Every request that was admitted, by ID.
    public internal(set) var requests: [SHA256Digest: AdmittedEntry] = [:]
    /// The requests' IDs in the order of their admission.
    public internal(set) var requestOrder: [SHA256Digest] = []
    /// The entries that admitted the requests for which no certificate was issued.
    public internal(set) var waiting = EntrySet()
    /// The batches, in the order of their numbers, which count from 1.
    public internal(set) var batches: [BatchState] = []
    /// The ceremonies that were abandoned, by the batches' numbers, and the batches that did it.
    public internal(set) var abandonments: [(batch: UInt64, by: UInt64)] = []
    /// The CA keys at which an abandoned ceremony stopped, and which have not signed since.
    public internal(set) var setAside: Set<PublicKey> = []
    /// The batch whose abandonment has begun and not ended.
    var beingAbandoned: SHA256Digest?
    /// What was revoked.
    public internal(set) var revocations: RevocationState
    /// Every certificate, in the order of the ledger.
    public internal(set) var issued: [IssuedEntry] = []
    /// The edge of the tree over the entries.
    var tree = MerkleFrontier()
    /// The time of the last entry.
    public internal(set) var lastTime: UnixTime

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
        tree.append(entry.leafHash)
    }

    /// The number of ledger entries.
    public var size: UInt64 { tree.size }

    /// The root hash of the tree over all ledger entries.
    public var root: SHA256Digest { tree.root }

    /// The CA keys of an authority, in the order of the genesis.
    public func authorityKeys(_ authority: String) -> [PublicKey] {
        genesis.keys.filter { $0.authority == authority }.map(\.publicKey)
    }

    /// The CA key that signs for an authority where nobody chooses another: the first that is not
    /// set aside, or the first of all where all are.
    public func signatureKey(of authority: String) -> PublicKey? {
        let keys = authorityKeys(authority)
        return keys.first { !setAside.contains($0) } ?? keys.first
    }

    /// The batch with this ID.
    public func batch(_ id: SHA256Digest) -> BatchState? {
        batches.first { $0.manifest.id == id }
    }

    /// The batch with this number.
    public func batch(number: UInt64) -> BatchState? {
        guard number > 0, let place = Int(exactly: number - 1), batches.indices.contains(place)
        else { return nil }
        return batches[place]
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
        requestOrder.compactMap { requests[$0] }.filter { holders(of: $0, at: time).isEmpty }
    }

    /// The batches that answer a request, or answered it, in the order of their numbers.
    func holders(of request: AdmittedEntry, at time: UnixTime) -> [BatchState] {
        request.batches.compactMap { batch(number: $0) }
            .filter { $0.holds(request.request.id, at: time) }
    }

    /// What decides what may be issued next, as a ceremony that ends at `time` leaves it; the batches
    /// of these numbers have ended by then.
    public func deciding(at time: UnixTime, ended: Set<UInt64> = []) -> StateText {
        StateText(
            genesis: id, governingHead: governingHead, policy: policy.digest,
            roster: roster.digest, batches: UInt64(batches.count), abandonments: abandonments,
            listVersion: revocations.version, list: SHA256Digest(hashing: revocations.list),
            revocations: revocations.items.map {
                StateText.Revocation(
                    batch: $0.batch, authority: $0.item.authority, target: $0.item.target)
            },
            waiting: waiting,
            authorities: policy.authorities.map { authority in
                let keys = authorityKeys(authority.name)
                return StateText.Authority(
                    name: authority.name, nextSerial: nextSerials[authority.name] ?? 1,
                    keys: keys, setAside: keys.filter(setAside.contains))
            },
            underWay: batches.filter {
                [.gathering, .open].contains($0.phase(at: time)) && !ended.contains($0.number)
            }.map {
                StateText.Batch(entry: $0.entry, approvals: $0.approvals.map(\.entry))
            })
    }
}

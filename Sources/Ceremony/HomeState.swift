// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats

/// A home's state: the replay of its ledger, and nothing else.
///
/// It begins with the genesis, or with the text of a state that a ceremony's end recorded; what was
/// before that, it asks of its ``HomePast``.
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

        init(request: CertificateRequest, name: String, entry: UInt64) {
            self.request = request
            self.name = name
            self.entry = entry
        }

        /// Reads what an entry admitted.
        ///
        /// - Throws: `Violations` where the file is not a request, or another.
        public init(
            _ record: RequestRecord, file: [UInt8], entry: UInt64
        ) throws(Violations) {
            let request = try CertificateRequest(file: file)
            guard request.id == record.request else {
                throw Violations(
                    Violation(.recordText, "entry \(entry): the request is another"))
            }
            self.init(request: request, name: record.name, entry: entry)
        }
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
    /// The number of entries before those that were replayed one by one; 0 with the genesis.
    public internal(set) var base: UInt64 = 0
    /// The requests that are in memory, by ID: all that were admitted since the base, and those of
    /// before that were asked for.
    public internal(set) var requests: [SHA256Digest: AdmittedEntry] = [:]
    /// The requests' IDs in the order of their admission, from the base on.
    public internal(set) var requestOrder: [SHA256Digest] = []
    /// The entries that admitted the requests for which no certificate was issued.
    public internal(set) var waiting = EntrySet()
    /// The epochs of serials, and what they leave behind.
    public internal(set) var epochs = EpochState()
    /// How many batches were drafted; their numbers count from 1.
    public internal(set) var batchCount: UInt64 = 0
    /// The batches in the order of their numbers: those from the base on, and those that were under
    /// way then.
    public internal(set) var batches: [BatchState] = []
    /// The ceremonies that were abandoned, by the batches' numbers, and the batches that did it.
    public internal(set) var abandonments: [(batch: UInt64, by: UInt64)] = []
    /// The CA keys at which an abandoned ceremony stopped, and which have not signed since.
    public internal(set) var setAside: Set<PublicKey> = []
    /// The batch whose abandonment has begun and not ended.
    var beingAbandoned: SHA256Digest?
    /// What was revoked.
    public internal(set) var revocations: RevocationState
    /// The key IDs of each authority's certificates: of those since the base, and of those of before
    /// that were asked for.
    var keyIDs: [String: Set<String>] = [:]
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
        batches.last { $0.manifest.id == id }
    }

    /// The batch with this number.
    public func batch(number: UInt64) -> BatchState? {
        var low = batches.startIndex
        var high = batches.endIndex
        while low < high {
            let middle = (low + high) / 2
            if batches[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < batches.endIndex && batches[low].number == number ? batches[low] : nil
    }

    /// What bears on the decision about a request.
    public var history: IssuanceHistory {
        IssuanceHistory(
            admittedRequests: Set(requests.keys), revokedKeys: revocations.keys,
            authorityKeys: Set(genesis.keys.map(\.publicKey)))
    }

    /// The requests in memory that have no certificate and are in no batch that could still be
    /// carried out, in the order of their admission.
    public func pendingRequests(at time: UnixTime) -> [AdmittedEntry] {
        let held = batches.filter { [.gathering, .open].contains($0.phase(at: time)) }
        return requests.values.filter { admitted in
            waiting.contains(admitted.entry)
                && !held.contains { $0.admissions[admitted.request.id] != nil }
        }.sorted { $0.entry < $1.entry }
    }

    /// The batch that may still answer a request.
    func holder(of request: SHA256Digest, at time: UnixTime) -> BatchState? {
        batches.first {
            $0.admissions[request] != nil && [.gathering, .open].contains($0.phase(at: time))
        }
    }

    /// What decides what may be issued next, as a ceremony that ends at `time` leaves it; the batches
    /// of these numbers have ended by then.
    public func deciding(at time: UnixTime, ended: Set<UInt64> = []) -> StateText {
        StateText(
            genesis: id, governingHead: governingHead, policy: policy.digest,
            roster: roster.digest, batches: batchCount, abandonments: abandonments,
            epochs: epochs,
            listVersion: revocations.version, list: SHA256Digest(hashing: revocations.list),
            revocations: revocations.items,
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

// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import Ledger
import SSHCrypto
public import SSHFormats

/// Where a batch stands, from its drafting to the end of its ceremony.
public struct BatchState: Sendable {
    /// The phases of a batch.
    public enum Phase: String, Sendable {
        /// Drafted; approvals are gathered.
        case gathering
        /// An officer rejected it.
        case rejected
        /// Its time ran out before a ceremony began.
        case expired
        /// A ceremony began and has not ended.
        case open
        /// Its ceremony ended.
        case closed
        /// Its ceremony was interrupted, and ended as it was by a quorum's decision.
        case abandoned
        /// A new epoch of serials began before its ceremony did.
        case superseded
    }

    /// The frozen batch.
    public let manifest: BatchManifest
    /// The ledger entry that recorded the draft.
    public let entry: UInt64
    /// The approvals that were accepted, in the order of the ledger.
    public private(set) var approvals: [(approval: Approval, entry: UInt64)] = []
    /// The rejection that stopped it.
    public private(set) var rejection: (rejection: Rejection, entry: UInt64)?
    /// The opening of its ceremony.
    public private(set) var opened: (record: CeremonyOpenedRecord, entry: UInt64, time: UnixTime)?
    /// The end of its ceremony.
    public private(set) var closed: (record: CeremonyClosedRecord, entry: UInt64, time: UnixTime)?
    /// The item numbers for which an intent is recorded.
    public private(set) var intended: Set<UInt64> = []
    /// The certificates that were issued, by item number, and their entries.
    public private(set) var issued: [UInt64: (certificate: Certificate, entry: UInt64)] = [:]
    /// The tokens that took part, each with the entry that says so.
    public private(set) var devices: [(device: CeremonyOpenedRecord.Device, entry: UInt64)] = []
    /// The entries that admitted the requests that it is to answer.
    var admissions: [SHA256Digest: UInt64] = [:]
    /// The revocation list that was in force when its ceremony ended.
    public private(set) var listInForce: [UInt8]?
    /// Whether its revocation list was released.
    public private(set) var releasedList = false
    /// The entry with which the new epoch began, where the batch decides that.
    public private(set) var begunEpoch: UInt64?
    /// The number of the batch that began a new epoch before this one's ceremony did.
    public private(set) var supersededBy: UInt64?

    init(manifest: BatchManifest, entry: UInt64) {
        self.manifest = manifest
        self.entry = entry
    }

    /// The batch's number in the home.
    public var number: UInt64 { manifest.header.number }

    /// The phase at this time.
    public func phase(at time: UnixTime) -> Phase {
        if let closed { return closed.record.abandonment == nil ? .closed : .abandoned }
        if opened != nil { return .open }
        if rejection != nil { return .rejected }
        if supersededBy != nil { return .superseded }
        return time >= manifest.header.expires ? .expired : .gathering
    }

    /// Whether the approvals reach the quorum, item by item.
    public func quorum(roster: Roster) -> QuorumDecision {
        QuorumDecision(
            manifest: manifest, approvals: approvals.map(\.approval), roster: roster)
    }

    mutating func approve(_ approval: Approval, entry: EntryStamp) -> String? {
        guard phase(at: entry.time) == .gathering else {
            return "the batch no longer gathers approvals"
        }
        guard !approvals.contains(where: { $0.approval.officer == approval.officer }) else {
            return "\(approval.officer) approved twice"
        }
        approvals.append((approval, entry.index))
        return nil
    }

    mutating func reject(_ rejection: Rejection, entry: EntryStamp) -> String? {
        guard phase(at: entry.time) == .gathering else {
            return "the batch can no longer be rejected"
        }
        self.rejection = (rejection, entry.index)
        return nil
    }

    mutating func open(_ record: CeremonyOpenedRecord, entry: EntryStamp) -> String? {
        guard phase(at: entry.time) == .gathering else {
            return "the batch cannot be opened: it is \(phase(at: entry.time).rawValue)"
        }
        guard Set(record.devices.map(\.publicKey)) == Set(signatureKeys) else {
            return "the tokens are not those of the batch's CA keys"
        }
        opened = (record, entry.index, entry.time)
        devices = record.devices.map { ($0, entry.index) }
        intended.reserveCapacity(manifest.items.count)
        issued.reserveCapacity(manifest.items.count)
        return nil
    }

    mutating func takeOver(_ record: TokenRecord, entry: EntryStamp) -> String? {
        guard opened != nil, closed == nil else { return "a token outside a ceremony" }
        guard !record.devices.isEmpty,
            Set(record.devices.map(\.publicKey)).isSubset(of: signatureKeys)
        else { return "the tokens are not those of the batch's CA keys" }
        devices += record.devices.map { ($0, entry.index) }
        return nil
    }

    mutating func intend(_ record: IntentRecord, entry: EntryStamp) -> String? {
        guard opened != nil, closed == nil else { return "intent outside a ceremony" }
        for item in record.items {
            guard let issue = issueItem(item.number), issue.fields.serial == item.serial,
                issue.toBeSigned == item.toBeSigned
            else { return "intent \(item.number) is not an item of the batch" }
            intended.insert(item.number)
        }
        return nil
    }

    mutating func issue(_ record: IssuedRecord, entry: EntryStamp) -> String? {
        guard opened != nil, closed == nil else { return "certificate outside a ceremony" }
        guard intended.contains(record.number) else {
            return "certificate without an intent"
        }
        guard let item = issueItem(record.number), item.authority == record.authority,
            item.request == record.request, item.fields == record.certificate.fields,
            item.toBeSigned == SHA256Digest(hashing: record.certificate.toBeSigned)
        else { return "the certificate is not item \(record.number) of the batch" }
        guard issued[record.number] == nil else {
            return "item \(record.number) was issued before"
        }
        issued[record.number] = (record.certificate, entry.index)
        return nil
    }

    mutating func release(_ record: RevocationListRecord, entry: EntryStamp) -> String? {
        guard opened != nil, closed == nil, !releasedList else {
            return "revocation list outside a ceremony"
        }
        let isApproved = manifest.items.contains { item in
            guard case .revocationList(let list) = item else { return false }
            return list.digest == record.list && list.version == record.version
        }
        guard isApproved else { return "the revocation list is not the approved one" }
        guard manifest.newEpochs.isEmpty || begunEpoch != nil else {
            return "the epoch has not begun"
        }
        releasedList = true
        return nil
    }

    mutating func beginEpoch(_ record: EpochRecord, entry: EntryStamp) -> String? {
        guard opened != nil, closed == nil, begunEpoch == nil else {
            return "an epoch begins outside a ceremony, or twice"
        }
        let needed = EpochRecord(manifest).authorities
        guard !needed.isEmpty, record.authorities == needed else {
            return "the epoch is not the approved one"
        }
        begunEpoch = entry.index
        return nil
    }

    mutating func supersede(by batch: UInt64) { supersededBy = batch }

    mutating func close(
        _ record: CeremonyClosedRecord, entry: EntryStamp, list: [UInt8]
    ) -> String? {
        guard opened != nil, closed == nil else { return "no ceremony is open" }
        guard unfinished == record.abandonment?.serials ?? [],
            UInt64(issued.count) == record.certificates
        else { return "the ceremony ended before all of its certificates were issued" }
        guard revocationList == nil || releasedList || record.abandonment != nil else {
            return "the ceremony ended before its revocation list was released"
        }
        closed = (record, entry.index, entry.time)
        listInForce = list
        return nil
    }

    /// The issue item of this number.
    public func issueItem(_ number: UInt64) -> IssueItem? {
        guard let index = Int(exactly: number), manifest.items.indices.contains(index - 1),
            case .issue(let item) = manifest.items[index - 1]
        else { return nil }
        return item
    }

    /// The items that are still to be signed, with their numbers, in order.
    public var remaining: [(number: UInt64, item: IssueItem)] {
        manifest.items.enumerated().compactMap { index, item in
            let number = UInt64(index) + 1
            guard case .issue(let issue) = item, issued[number] == nil else { return nil }
            return (number, issue)
        }
    }

    /// The serials that are still to be signed.
    public var unfinished: [AuthoritySerials] {
        AuthoritySerials.covering(remaining.map(\.item))
    }

    /// The item that abandons another batch's ceremony, where this batch does that.
    public var abandonment: AbandonItem? { manifest.abandonment }

    /// The CA keys that sign the batch's certificates, in the order of the items.
    public var signatureKeys: [PublicKey] {
        var keys: [PublicKey] = []
        for case .issue(let item) in manifest.items
        where !keys.contains(item.fields.signatureKey) {
            keys.append(item.fields.signatureKey)
        }
        return keys
    }

    /// The revocation list that the batch releases, where it has one.
    public var revocationList: RevocationListItem? {
        for case .revocationList(let item) in manifest.items { return item }
        return nil
    }
}

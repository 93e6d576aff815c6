// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What the entries of a bundle tell of one batch, held against the batch itself.
///
/// The order is the promise: approvals before the opening, the intent before the certificate, the
/// end after all.
struct CeremonyHistory {
    /// A fault, and the entry that it is in.
    struct Fault {
        /// The entry's path; nil where something is missing in all of them.
        let path: String?
        /// What is wrong.
        let message: String
    }

    /// Everything that is not as it should be.
    private(set) var faults: [Fault] = []
    /// The entry that drafted the batch; nil where an earlier bundle holds it.
    private(set) var drafted: UInt64?
    /// The entry that opened the ceremony.
    private(set) var opened: UInt64?
    /// The entry that ended the ceremony.
    private(set) var closed: UInt64?
    /// The officers whose approvals were recorded, by the SHA-256 of the signature.
    private(set) var approvals: [SHA256Digest: String] = [:]
    /// When these approvals were recorded.
    private(set) var approvalTimes: [SHA256Digest: UnixTime] = [:]
    /// The fingerprints of their keys, as they were recorded.
    private(set) var approvalKeys: [SHA256Digest: String] = [:]
    /// The certificates that were recorded, by item number.
    private(set) var issued: [UInt64: Certificate] = [:]
    /// The revocation list that was published.
    private(set) var revocationList: SHA256Digest?
    /// What the ceremony left undone, where it was abandoned.
    private(set) var abandonment: AuditRecord.Abandonment?

    /// The entry that began the epoch of the batch.
    private(set) var epoch: UInt64?

    private let batch: ManifestedBatch
    private var items: [UInt64: IssueItem] = [:]
    private var intents: Set<UInt64> = []

    /// Follows a batch through the entries.
    init(_ batch: ManifestedBatch, _ trail: AuditTrail) {
        self.batch = batch
        for (number, item) in batch.issues { items[number] = item }
        for (entry, record) in trail.records(of: batch.manifest.id) {
            if closed != nil { fail(entry, "it stands behind the end of the ceremony") }
            follow(record, entry)
        }
        for entry in trail.entries { refuseForeign(entry) }
        requireWhole(trail)
    }

    /// Begins to follow a batch from its drafting on, entry by entry.
    init(_ batch: ManifestedBatch) {
        self.batch = batch
        for (number, item) in batch.issues { items[number] = item }
    }

    /// Takes in the next entry that names the batch.
    mutating func take(_ record: AuditRecord, _ entry: AuditTrail.Entry) {
        if closed != nil { fail(entry, "it stands behind the end of the ceremony") }
        follow(record, entry)
    }

    /// Demands at the end of the ceremony that all of the batch was done.
    mutating func requireDone(_ entry: AuditTrail.Entry) {
        guard abandonment == nil else { return }
        for number in items.keys.sorted() where issued[number] == nil {
            fail(entry, "no entry records the certificate of item \(number)")
        }
        if !batch.manifest.newEpochs.isEmpty, epoch == nil {
            fail(entry, "no entry begins the approved epoch")
        }
        if !batch.revocationLists.isEmpty, revocationList == nil {
            fail(entry, "no entry publishes the approved revocation list")
        }
    }

    private mutating func fail(_ entry: AuditTrail.Entry?, _ message: String) {
        faults.append(Fault(path: entry?.path, message: message))
    }

    private mutating func follow(_ record: AuditRecord, _ entry: AuditTrail.Entry) {
        let header = batch.manifest.header
        switch record {
        case .batch(_, let number):
            drafted = entry.index
            if number != header.number || entry.index != header.ledgerSize {
                fail(
                    entry,
                    "it drafts batch \(number) as entry \(entry.index), the manifest says batch "
                        + "\(header.number) on \(header.ledgerSize) entries")
            }
            if entry.entry.time != header.created {
                fail(
                    entry,
                    "it drafts the batch at \(entry.entry.time.text), the manifest says "
                        + header.created.text)
            }
        case .approval(_, let officer, let signature):
            approvals[signature] = officer
            approvalTimes[signature] = entry.entry.time
            approvalKeys[signature] =
                entry.entry.blocks.first?.fields
                .first { $0.name == "key" }?.value
            if entry.index <= header.ledgerSize {
                fail(entry, "\(officer) approved before the batch was drafted")
            }
            if opened != nil { fail(entry, "\(officer) approved after the ceremony had begun") }
            if entry.entry.time >= header.expires {
                fail(entry, "\(officer) approved after the batch had expired")
            }
        case .rejection(_, let officer): fail(entry, "\(officer) rejected the batch")
        case .opened(_, let devices): open(devices.map(\.publicKey), entry)
        case .intent(_, let intended):
            requireOpen(entry)
            for intent in intended { follow(intent, entry) }
        case .issued(let certificate):
            requireOpen(entry)
            follow(certificate, entry)
        case .revocationList(_, let version, let list):
            requireOpen(entry)
            if revocationList != nil { fail(entry, "the batch published a list already") }
            revocationList = list
            if !batch.manifest.newEpochs.isEmpty, epoch == nil {
                fail(entry, "it publishes the list before the epoch has begun")
            }
            if !batch.revocationLists.contains(where: {
                $0.version == version && $0.digest == list
            }) {
                fail(entry, "it publishes list version \(version), which was not approved")
            }
        case .tookOver(_, let devices):
            requireOpen(entry)
            let keys = devices.map(\.publicKey)
            if keys.isEmpty || !Set(keys).isSubset(of: neededKeys) {
                fail(entry, "its tokens hold other CA keys than those of the manifest")
            }
        case .epoch(_, let begun):
            requireOpen(entry)
            begin(begun, entry)
        case .closed(_, let count, let abandonment, _):
            requireOpen(entry)
            closed = entry.index
            self.abandonment = abandonment
            checkAbandoned(entry)
            if count != UInt64(issued.count) {
                fail(entry, "it counts \(count) certificates, the entries \(issued.count)")
            }
        case .genesis, .request, .refusal, .exception: break
        }
    }

    /// What begins is what was approved.
    private mutating func begin(_ begun: [AuditRecord.Epoch], _ entry: AuditTrail.Entry) {
        if epoch != nil { fail(entry, "the epoch had begun already") }
        epoch = entry.index
        let approved = batch.manifest.newEpochs.map {
            AuditRecord.Epoch(
                authority: $0.authority, epoch: UInt64($0.epoch),
                nextSerial: UInt64($0.epoch) << 48 | 1)
        }
        if approved.isEmpty || begun != approved {
            fail(entry, "it begins another epoch than the approved one")
        }
    }

    private mutating func open(_ keys: [PublicKey], _ entry: AuditTrail.Entry) {
        if opened != nil { fail(entry, "the ceremony had begun already") }
        opened = entry.index
        if entry.entry.time >= batch.manifest.header.expires {
            fail(entry, "the ceremony began after the batch had expired")
        }
        if Set(keys) != neededKeys {
            fail(entry, "its tokens hold other CA keys than those of the manifest")
        }
    }

    private var neededKeys: Set<PublicKey> { Set(items.values.map(\.fields.signatureKey)) }

    /// The items that are left without a certificate.
    var unfinished: [IssueItem] {
        batch.issues.filter { issued[$0.number] == nil }.map(\.item)
    }

    /// What is given up is what was left, no more and no less.
    private mutating func checkAbandoned(_ entry: AuditTrail.Entry) {
        guard let abandonment else { return }
        let left = AuthoritySerials.covering(unfinished)
        if left != abandonment.serials {
            fail(
                entry,
                "it gives up \(listed(abandonment.serials.map(\.text))), and "
                    + "\(listed(left.map(\.text))) had no certificate")
        }
    }

    private mutating func requireOpen(_ entry: AuditTrail.Entry) {
        if opened == nil { fail(entry, "the ceremony had not begun") }
    }

    private mutating func follow(_ intent: AuditRecord.Intent, _ entry: AuditTrail.Entry) {
        guard let item = items[intent.item], item.fields.serial == intent.serial,
            item.toBeSigned == intent.toBeSigned
        else {
            fail(
                entry,
                "it intends item \(intent.item), serial \(intent.serial), which was not approved")
            return
        }
        if issued[intent.item] != nil {
            fail(entry, "it intends item \(intent.item), which has its certificate")
        }
        intents.insert(intent.item)
    }

    private mutating func follow(_ issue: AuditRecord.Issued, _ entry: AuditTrail.Entry) {
        guard let item = items[issue.item], item.authority == issue.authority,
            item.request == issue.request,
            batch.toBeSigned[issue.item]?.bytes == issue.certificate.toBeSigned
        else {
            fail(entry, "its certificate is not the one of an approved item \(issue.item)")
            return
        }
        if !intents.contains(issue.item) {
            fail(entry, "item \(issue.item) was signed, and no intent stands before it")
        }
        if issued.updateValue(issue.certificate, forKey: issue.item) != nil {
            fail(entry, "item \(issue.item) has a certificate already")
        }
    }

    /// Between the end of one ceremony and that of the next, no other can have signed.
    private mutating func refuseForeign(_ entry: AuditTrail.Entry) {
        guard let record = entry.record, let other = record.batch, other != batch.manifest.id,
            other != batch.manifest.abandonment?.manifest
        else { return }
        switch record {
        case .opened, .revocationList:
            // The batch that decided to abandon this ceremony began before this one ended.
            guard other != abandonment?.by else { return }
            fail(entry, "it belongs to the ceremony of another batch, \(other.hex)")
        case .intent, .issued, .closed, .tookOver, .epoch:
            fail(entry, "it belongs to the ceremony of another batch, \(other.hex)")
        case .batch(_, let number) where number == batch.manifest.header.number:
            fail(entry, "it drafts another batch of the same number, \(number)")
        default: break
        }
    }

    private mutating func requireWhole(_ trail: AuditTrail) {
        guard trail.isContiguous, let first = trail.first, let size = trail.size else { return }
        let ledgerSize = batch.manifest.header.ledgerSize
        if drafted == nil, ledgerSize >= first {
            fail(nil, "entry \(ledgerSize) should draft the batch, and does not")
        }
        if opened == nil { fail(nil, "no entry opens the ceremony") }
        for number in items.keys.sorted() where issued[number] == nil && abandonment == nil {
            fail(nil, "no entry records the certificate of item \(number)")
        }
        if !batch.manifest.newEpochs.isEmpty, epoch == nil {
            fail(nil, "no entry begins the approved epoch")
        }
        if !batch.revocationLists.isEmpty, revocationList == nil, abandonment == nil {
            fail(nil, "no entry publishes the approved revocation list")
        }
        if closed == nil {
            fail(nil, "no entry ends the ceremony")
        } else if closed != size - 1 {
            fail(nil, "the ceremony's end is not the last entry")
        }
    }
}

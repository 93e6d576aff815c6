// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What the entries of a whole ledger tell, followed one after the other from the genesis on.
///
/// It keeps what later entries are judged by: the rules, the requests' names, the batches that are not
/// carried out. Every fault is told with its entry.
struct LedgerReplay {
    /// A fault of an entry.
    struct Fault {
        /// The rule that is broken.
        let rule: RuleID
        /// What is wrong.
        let message: String
    }

    /// A request that was admitted.
    struct Admitted {
        /// The SHA-256 of text and signature in one file.
        let file: PackedDigest
        /// The entry that admitted it.
        let entry: UInt64
        /// The batch that answers it, of several the last.
        var batch: PackedDigest?
        /// Whether a certificate was issued for it.
        var isAnswered = false
    }

    /// A batch that was drafted and not carried out.
    struct OpenBatch {
        /// The batch.
        let batch: ManifestedBatch
        /// What the entries told of it.
        var history: CeremonyHistory
        /// How many of the history's faults were told.
        var told = 0
        /// The entry that drafted it.
        let entry: UInt64
        /// The approvals, each of another officer.
        var approvals: [Approval] = []
        /// The entries of the approvals.
        var approvalEntries: [UInt64] = []
        /// Whether an officer rejected it.
        var isRejected = false
    }

    /// The faults of the entry that was taken in last.
    private(set) var faults: [Fault] = []
    /// What a person should know of the entry that was taken in last.
    private(set) var notes: [String] = []
    /// What decides; nil before a sound genesis.
    var state: DecidingState?
    /// The number of certificates whose signatures hold.
    var certificates = 0
    /// The requests that were admitted, by their IDs.
    var requests: [PackedDigest: Admitted] = [:]
    /// The batches that are not carried out.
    var open: [SHA256Digest: OpenBatch] = [:]
    /// The batch whose ceremony is going on.
    var ceremony: SHA256Digest?
    /// The batch whose interrupted ceremony is being abandoned by the one that is going on.
    var abandoned: SHA256Digest?
    /// The keys that verify certificates, made once.
    var authorities: [PublicKey: VerificationKey] = [:]

    /// Reads a text that an entry before named; nil where it is not there.
    let content: (SHA256Digest) -> [UInt8]?
    /// Whether the certificates' signatures are verified, which costs most of the time.
    let verifiesCertificates: Bool

    /// Begins before the first entry.
    init(
        verifiesCertificates: Bool = true, content: @escaping (SHA256Digest) -> [UInt8]?
    ) {
        self.verifiesCertificates = verifiesCertificates
        self.content = content
    }

    /// Notes a fault of the entry.
    mutating func fail(_ rule: RuleID, _ message: String) {
        faults.append(Fault(rule: rule, message: message))
    }

    /// Notes each violation as a fault of the entry.
    mutating func fail(_ violations: Violations) {
        for violation in violations.all { fail(violation.rule, violation.message) }
    }

    /// Takes in the next entry, with the texts that it names and the root of the entries before it.
    mutating func take(
        _ entry: LedgerEntry, contents: [SHA256Digest: [UInt8]], rootBefore: () -> SHA256Digest
    ) {
        faults = []
        notes = []
        let record: AuditRecord
        do throws(Violations) {
            record = try AuditRecord(entry)
        } catch {
            fail(error)
            return
        }
        let place = AuditTrail.Entry(
            path: "entry \(entry.index)", entry: entry, record: record)
        switch record {
        case .genesis(let genesis): begin(genesis, entry, contents)
        case .request(let id, let file):
            admit(id, contents[file], file: file, entry: entry.index)
        case .batch(let batch, let number):
            draft(batch, number: number, contents[batch], place, rootBefore())
        case .approval(let batch, let officer, let signature):
            approve(batch, by: officer, contents[signature], place)
        case .rejection(let batch, let officer): reject(batch, by: officer, contents, place)
        case .exception(let rule, let message):
            if rule != "CLOCK-AHEAD" { fail(.entry, "rule \(quoted(rule)) allows no exception") }
            notes.append("entry \(entry.index) records an exception to \(rule): \(message)")
        default:
            if let batch = record.batch { follow(batch, place, contents) }
        }
        if state == nil, faults.isEmpty {
            fail(.entry, "the ledger does not begin with a sound genesis")
        }
    }

    private mutating func begin(
        _ record: AuditRecord.Genesis, _ entry: LedgerEntry, _ contents: [SHA256Digest: [UInt8]]
    ) {
        guard entry.index == 0 else {
            fail(.entry, "a genesis stands behind the ledger's beginning")
            return
        }
        guard let text = contents[record.text], let policyText = contents[record.policy],
            let rosterText = contents[record.roster]
        else { return }
        do throws(Violations) {
            let genesis = try Genesis(text: text)
            let policy = try Policy(text: policyText)
            let roster = try Roster(text: rosterText)
            guard genesis.policy == record.policy, genesis.roster == record.roster else {
                fail(.genesis, "the genesis names another policy or roster than its entry")
                return
            }
            try genesis.check(policy: policy, roster: roster)
            let signatures = record.signatures.compactMap { contents[$0] }
            let missing = try genesis.missingOfficers(signatures: signatures, roster: roster)
            if !missing.isEmpty {
                fail(.genesis, "the signature of \(listed(missing)) is missing")
            }
            if signatures.count != roster.officers.count {
                fail(
                    .genesis,
                    "it names \(counted(record.signatures.count, "signature")), the roster has "
                        + "\(roster.officers.count) officers")
            }
            if genesis.created > entry.time {
                fail(.genesis, "it was drafted \(genesis.created.text), after its entry")
            }
            state = DecidingState(
                Founding(genesis: genesis, policy: policy, roster: roster),
                governingHead: entry.digest)
        } catch {
            fail(error)
        }
    }

    private mutating func admit(
        _ id: SHA256Digest, _ bytes: [UInt8]?, file: SHA256Digest, entry: UInt64
    ) {
        guard let bytes else { return }
        do throws(Violations) {
            let request = try CertificateRequest(file: bytes)
            if request.id != id {
                fail(.request, "the request's text has the name \(request.id.hex)")
            }
        } catch {
            fail(error)
        }
        state?.waiting.insert(entry)
        let admitted = Admitted(file: PackedDigest(file), entry: entry)
        if requests.updateValue(admitted, forKey: PackedDigest(id)) != nil {
            fail(.request, "request \(id.hex) was admitted before")
        }
    }

    /// Tells what the history of a batch found since it was asked last.
    mutating func tell(_ batch: SHA256Digest) {
        guard let known = open[batch] else { return }
        for fault in known.history.faults.dropFirst(known.told) {
            fail(.ceremony, fault.message)
        }
        open[batch]?.told = known.history.faults.count
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto
import SSHFormats

extension BatchState {
    /// Makes a batch of the past from the entries that name it, in order, the draft first.
    ///
    /// What was allowed was looked at when they were recorded; here they are only read.
    ///
    /// - Parameters:
    ///   - entries: The entries.
    ///   - roster: The roster by which approvals count.
    ///   - list: The revocation list that was in force when the ceremony ended.
    ///   - epochs: The epochs that began; one after a draft whose ceremony never began overtook it.
    ///   - content: The texts that entries name.
    /// - Throws: `Violations` where the entries do not belong together.
    public init(
        _ entries: [LedgerEntry], roster: Roster, list: [UInt8], epochs: EpochState,
        content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) {
        guard let draft = entries.first else {
            throw Violations(Violation(.recordText, "no entry drafts the batch"))
        }
        let record = try BatchRecord(draft)
        self.init(
            manifest: try BatchManifest(
                text: HomeState.require(record.batch, "batch manifest", content)),
            entry: draft.index)
        for entry in entries.dropFirst() {
            if let fault = try take(entry, roster: roster, list: list, content: content) {
                throw Violations(Violation(.recordText, "entry \(entry.index): \(fault)"))
            }
        }
        if opened == nil, let next = epochs.begun.first(where: { $0.entry > entry }) {
            supersede(by: next.batch)
        }
    }

    private mutating func take(
        _ entry: LedgerEntry, roster: Roster, list: [UInt8],
        content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) -> String? {
        switch entry.kind {
        case .approval:
            let record = try ApprovalRecord(entry)
            let approval = try Approval(
                armored: HomeState.require(record.signature, "approval", content),
                manifest: manifest, roster: roster)
            return approve(approval, entry: entry.stamp)
        case .rejection:
            let record = try RejectionRecord(entry)
            let rejection = try Rejection(
                text: HomeState.require(record.text, "rejection", content),
                armored: HomeState.require(record.signature, "rejection signature", content),
                manifest: manifest, roster: roster)
            return reject(rejection, entry: entry.stamp)
        case .ceremonyOpened: return open(try CeremonyOpenedRecord(entry), entry: entry.stamp)
        case .token: return takeOver(try TokenRecord(entry), entry: entry.stamp)
        case .intent: return intend(try IntentRecord(entry), entry: entry.stamp)
        case .issued: return issue(try IssuedRecord(entry), entry: entry.stamp)
        case .epoch: return beginEpoch(try EpochRecord(entry), entry: entry.stamp)
        case .krl: return release(try RevocationListRecord(entry), entry: entry.stamp)
        case .ceremonyClosed:
            return close(try CeremonyClosedRecord(entry), entry: entry.stamp, list: list)
        default: return "it says nothing of a batch"
        }
    }
}

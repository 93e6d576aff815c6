// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What decides which certificates a home may issue next, and the digest that ceremonies record of it.
///
/// Made anew from the entries by `Docs/Formats/LedgerEntry.md`, apart from the code that recorded it.
struct DecidingState: Sendable {
    /// The home's first text, its policy and its roster.
    let founding: Founding
    /// The SHA-256 of the last entry that changed the rules.
    var governingHead: SHA256Digest
    /// How many batches were drafted.
    var batches: UInt64 = 0
    /// The next serial of each authority.
    var nextSerials: [String: UInt64] = [:]
    /// The version of the revocation list in force.
    var listVersion: UInt64 = 0
    /// The SHA-256 of the revocation list in force.
    var list: SHA256Digest
    /// The ceremonies that were abandoned: the number of each batch, and of the one that decided it.
    var abandonments: [(batch: UInt64, by: UInt64)] = []
    /// The CA keys at which a ceremony was abandoned and that have not signed since.
    var setAside: Set<PublicKey> = []
    /// What was revoked, in order, each with the number of the batch that did it.
    var revoked: [(item: RevokeItem, batch: UInt64)] = []
    /// The epochs of serials.
    var epochs = EpochLedger()
    /// The entries of the requests without a certificate.
    var waiting = EntrySet()

    /// Begins with a home.
    init(_ founding: Founding, governingHead: SHA256Digest) {
        self.founding = founding
        self.governingHead = governingHead
        // A list that cannot be written is none; its digest then fits no entry.
        let first = (try? founding.genesis.firstRevocationList()) ?? []
        list = SHA256Digest(hashing: first)
    }

    /// The serial that an authority's next item must have; counted from 1.
    func nextSerial(of authority: String) -> UInt64 { nextSerials[authority] ?? 1 }

    /// Why a certificate may not be issued any more; nil where nothing revoked it.
    func revocation(of item: IssueItem) -> RevokeItem? {
        revoked.map(\.item).first { revoked in
            switch revoked.target {
            case .serials(let range):
                revoked.authority == item.authority && range.contains(item.fields.serial)
            case .keyID(let keyID):
                revoked.authority == item.authority
                    && keyID.utf8.elementsEqual(item.fields.keyID.utf8)
            case .key(let key): key == item.fields.publicKey
            }
        }
    }

    /// The text `conclave-state: v1`, with the batches that can still be carried out.
    func text(underWay: [RecordedState.Batch]) -> [UInt8] {
        var text = DocumentWriter(kind: "state")
        text.field("genesis", founding.genesis.id.hex)
        text.field("governing-head", governingHead.hex)
        text.field("policy", founding.policy.digest.hex)
        text.field("roster", founding.roster.digest.hex)
        text.field("batches", String(batches))
        for entry in abandonments { text.field("abandoned", "\(entry.batch) by \(entry.by)") }
        epochs.write(to: &text)
        text.field("krl-version", String(listVersion))
        text.field("krl", list.hex)
        for (item, batch) in revoked {
            text.field("revoked", "\(batch) \(item.authority) \(item.target.text)")
        }
        for range in waiting.ranges { text.field("waiting", EntrySet.text(of: range)) }
        for authority in founding.policy.authorities {
            text.block()
            text.field("authority", authority.name)
            text.field("next-serial", String(nextSerial(of: authority.name)))
            epochs.write(authority.name, to: &text)
            let keys = founding.keys(of: authority.name)
            for key in keys { text.field("ca-key", key.line) }
            for key in keys where setAside.contains(key) { text.field("set-aside", key.line) }
        }
        for batch in underWay {
            text.block()
            text.field("batch-entry", String(batch.entry))
            for entry in batch.approvals { text.field("approval-entry", String(entry)) }
        }
        return text.bytes
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
public import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats

/// What decides which certificates a home may issue next, as the text that a ceremony's end keeps.
///
/// A home's state can be made from it and from the texts and entries that it names, so that a large
/// ledger is not replayed from its beginning. Format: `Docs/Formats/LedgerEntry.md`.
public struct StateText: Sendable {
    /// The most that the grammar takes of such a text.
    static let limits = DocumentLimits(
        maximumBytes: Content.maximumBytes, maximumLines: 1_048_576, maximumValueBytes: 65_536)

    /// Something that was revoked.
    public struct Revocation: Hashable, Sendable {
        /// The number of the batch that revoked it.
        public let batch: UInt64
        /// The authority.
        public let authority: String
        /// What was revoked.
        public let target: RevokeItem.Target
    }

    /// Where an authority stands.
    public struct Authority: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// The serial that its next certificate gets.
        public let nextSerial: UInt64
        /// Its CA keys.
        public let keys: [PublicKey]
        /// Those of its keys that are passed over until they sign again.
        public let setAside: [PublicKey]
    }

    /// A batch that can still be carried out.
    public struct Batch: Hashable, Sendable {
        /// The entry that drafted it.
        public let entry: UInt64
        /// The entries of its approvals.
        public let approvals: [UInt64]
    }

    /// The home's identity.
    public let genesis: SHA256Digest
    /// The SHA-256 of the last entry that changed the rules.
    public let governingHead: SHA256Digest
    /// The SHA-256 of the policy in force.
    public let policy: SHA256Digest
    /// The SHA-256 of the roster in force.
    public let roster: SHA256Digest
    /// How many batches were drafted.
    public let batches: UInt64
    /// The ceremonies that were abandoned, by the batches' numbers, and the batches that did it.
    public let abandonments: [(batch: UInt64, by: UInt64)]
    /// The epochs of serials, and what they leave behind.
    public let epochs: EpochState
    /// The epoch of the serials; 0 at first.
    public var epoch: UInt16 { authorities.map { SerialNumber($0.nextSerial).epoch }.max() ?? 0 }
    /// The version of the revocation list in force.
    public let listVersion: UInt64
    /// The SHA-256 of the revocation list in force.
    public let list: SHA256Digest
    /// What was revoked, in order.
    public let revocations: [Revocation]
    /// The entries of the requests for which no certificate was issued.
    public let waiting: EntrySet
    /// The authorities, in the order of the policy.
    public let authorities: [Authority]
    /// The batches that can still be carried out, in the order of their numbers.
    public let underWay: [Batch]

    /// The SHA-256 of the text.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// The text.
    public var bytes: [UInt8] {
        var writer = DocumentWriter(kind: "state")
        writer.field("genesis", genesis.hex)
        writer.field("governing-head", governingHead.hex)
        writer.field("policy", policy.hex)
        writer.field("roster", roster.hex)
        writer.field("batches", String(batches))
        for entry in abandonments {
            writer.field("abandoned", "\(entry.batch) by \(entry.by)")
        }
        epochs.write(to: &writer)
        writer.field("krl-version", String(listVersion))
        writer.field("krl", list.hex)
        for item in revocations {
            writer.field("revoked", "\(item.batch) \(item.authority) \(item.target.text)")
        }
        for range in waiting.ranges { writer.field("waiting", EntrySet.text(of: range)) }
        for authority in authorities {
            writer.block()
            writer.field("authority", authority.name)
            writer.field("next-serial", String(authority.nextSerial))
            epochs.write(unissuedOf: authority.name, to: &writer)
            for key in authority.keys { writer.field("ca-key", key.line) }
            for key in authority.setAside { writer.field("set-aside", key.line) }
        }
        for batch in underWay {
            writer.block()
            writer.field("batch-entry", String(batch.entry))
            for entry in batch.approvals { writer.field("approval-entry", String(entry)) }
        }
        return writer.bytes
    }
}

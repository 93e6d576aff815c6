// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// A new epoch of serials began, by the decision of a batch.
public struct EpochRecord: HomeRecord {
    /// An authority, and where its serials go on.
    public struct Authority: Hashable, Sendable {
        /// The authority.
        public let name: String
        /// Its new epoch.
        public let epoch: UInt16
        /// The serial of its next certificate.
        public let nextSerial: UInt64

        /// States where an authority's serials go on.
        public init(name: String, epoch: UInt16, nextSerial: UInt64) {
            self.name = name
            self.epoch = epoch
            self.nextSerial = nextSerial
        }
    }

    /// The batch that decided it.
    public let batch: SHA256Digest
    /// The authorities, in the order of the batch.
    public let authorities: [Authority]

    /// Records that the epoch of a batch began.
    public init(_ manifest: BatchManifest) {
        self.init(
            batch: manifest.id,
            authorities: manifest.newEpochs.map {
                Authority(name: $0.authority, epoch: $0.epoch, nextSerial: $0.nextSerial)
            })
    }

    /// Records that an epoch began.
    public init(batch: SHA256Digest, authorities: [Authority]) {
        self.batch = batch
        self.authorities = authorities
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.epoch)
        draft.field("batch", batch.hex)
        for authority in authorities {
            draft.block()
            draft.field("authority", authority.name)
            draft.field("epoch", String(authority.epoch))
            draft.field("next-serial", String(authority.nextSerial))
        }
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        var violations = reader.finishInOrder()
        var authorities: [Authority] = []
        for block in entry.blocks.dropFirst() {
            var reader = BlockReader(block)
            let name = reader.text("authority")
            let epoch = reader.value(
                reader.required("epoch"), expected: "a number up to \(SerialNumber.lastEpoch)"
            ) { parseDecimal($0).flatMap { UInt16(exactly: $0) } }
            let nextSerial = reader.number("next-serial")
            violations += reader.finishInOrder()
            if let name, let epoch, let nextSerial {
                authorities.append(Authority(name: name, epoch: epoch, nextSerial: nextSerial))
            }
        }
        guard violations.isEmpty, let batch else { throw Violations(violations) }
        self.init(batch: batch, authorities: authorities)
    }
}

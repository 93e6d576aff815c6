// SPDX-License-Identifier: Apache-2.0
import Issuance
public import SSHCrypto
import SSHFormats

extension HomeState {
    /// Takes in what a batch changes of the state that decides, apart from its revocation list.
    mutating func carryOut(_ batch: BatchState) {
        if batch.abandonment != nil { beingAbandoned = nil }
        for case .revoke(let item) in batch.manifest.items {
            revocations.insert(item, batch: batch.number)
        }
    }

    /// Takes in that a ceremony was given up by the decision of a batch: the CA key at which it
    /// stopped is passed over until it signs again.
    mutating func giveUp(_ batch: BatchState, by decision: UInt64) {
        if batch.releasedList { carryOut(batch) }
        abandonments.append((batch.number, decision))
        if let key = batch.remaining.first?.item.fields.signatureKey { setAside.insert(key) }
    }

    /// The digest of the state as it will be when this batch's ceremony has ended.
    public func digest(closing batch: BatchState) -> SHA256Digest {
        var after = self
        after.carryOut(batch)
        return after.digest
    }

    /// The records that end this batch's ceremony: that of the ceremony which it abandons before
    /// its own.
    public func closingRecords(of batch: BatchState) -> [CeremonyClosedRecord] {
        var after = self
        var records: [CeremonyClosedRecord] = []
        if let item = batch.abandonment, let abandoned = self.batch(item.manifest),
            abandoned.closed == nil
        {
            after.giveUp(abandoned, by: batch.number)
            records.append(
                CeremonyClosedRecord(
                    batch: item.manifest, certificates: UInt64(abandoned.issued.count),
                    abandonment: CeremonyClosedRecord.Abandonment(
                        by: batch.manifest.id, serials: item.abandoned),
                    state: after.digest))
        }
        after.carryOut(batch)
        records.append(
            CeremonyClosedRecord(
                batch: batch.manifest.id, certificates: UInt64(batch.issued.count),
                state: after.digest))
        return records
    }
}

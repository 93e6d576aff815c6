// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import SSHCrypto
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
        epochs.giveUp(batch.unfinished)
        if let key = batch.remaining.first?.item.fields.signatureKey { setAside.insert(key) }
    }

    /// The records that end this batch's ceremony at `time`: that of the ceremony which it abandons
    /// before its own.
    public func closingRecords(
        of batch: BatchState, at time: UnixTime
    ) -> [CeremonyClosedRecord] {
        var after = self
        var ended: Set<UInt64> = []
        var records: [CeremonyClosedRecord] = []
        if let item = batch.abandonment, let abandoned = self.batch(item.manifest),
            abandoned.closed == nil
        {
            after.giveUp(abandoned, by: batch.number)
            ended.insert(abandoned.number)
            records.append(
                CeremonyClosedRecord(
                    batch: item.manifest, certificates: UInt64(abandoned.issued.count),
                    abandonment: CeremonyClosedRecord.Abandonment(
                        by: batch.manifest.id, serials: item.abandoned),
                    state: after.deciding(at: time, ended: ended)))
        }
        after.carryOut(batch)
        ended.insert(batch.number)
        records.append(
            CeremonyClosedRecord(
                batch: batch.manifest.id, certificates: UInt64(batch.issued.count),
                state: after.deciding(at: time, ended: ended)))
        return records
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

extension LedgerReplay {
    /// The most by which an epoch is behind the last.
    static var maximumStep: UInt64 { 16 }

    /// Whether a batch that begins an epoch says how the home stands.
    mutating func compareEpochs(of manifest: BatchManifest) {
        guard let state, !manifest.newEpochs.isEmpty else { return }
        let authorities = state.founding.policy.authorities.map(\.name)
        if manifest.newEpochs.map(\.authority) != authorities {
            fail(.manifest, "it does not begin an epoch of every authority, in the policy's order")
        }
        for (index, item) in manifest.newEpochs.enumerated() {
            let next = state.nextSerial(of: item.authority)
            let step = UInt64(item.epoch) &- next >> 48
            if step == 0 || step > Self.maximumStep
                || item.epoch != manifest.newEpochs.first?.epoch
            {
                fail(
                    .manifest,
                    "item \(index + 1) begins epoch \(item.epoch) of \(item.authority), which is in "
                        + "epoch \(next >> 48)")
            }
            let needed = state.epochs.givenUp(
                item.authority, next: next, before: UInt64(item.epoch))
            if item.givenUp.map(\.text) != needed {
                fail(
                    .manifest,
                    "item \(index + 1) gives up \(listed(item.givenUp.map(\.text))), and "
                        + "\(listed(needed)) had no certificate")
            }
        }
    }

    /// The epoch of the batch whose ceremony is going on begins: the serials go on in it.
    mutating func beginEpoch(
        _ epochs: [AuditRecord.Epoch], of manifest: BatchManifest, _ place: AuditTrail.Entry
    ) {
        for epoch in epochs { state?.nextSerials[epoch.authority] = epoch.nextSerial }
        state?.epochs.begin(entry: place.index, batch: manifest)
        state?.governingHead = place.entry.digest
    }

    /// Whether a batch that did not begin can no longer do so, since an epoch began after its drafting.
    func isSuperseded(_ known: OpenBatch) -> Bool {
        guard known.history.opened == nil, let state else { return false }
        return known.batch.manifest.header.governingHead != state.governingHead
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

extension LedgerReplay {
    /// A ceremony ends as it is, by the decision of the batch whose ceremony is going on.
    mutating func giveUp(
        _ id: SHA256Digest, _ abandonment: AuditRecord.Abandonment, _ place: AuditTrail.Entry
    ) {
        tell(id)
        guard let known = open[id], id == abandoned, abandonment.by == ceremony,
            let decision = open[abandonment.by], decision.history.revocationList != nil,
            let item = decision.batch.manifest.abandonment, item.manifest == id,
            item.abandoned == abandonment.serials
        else {
            fail(.ceremony, "no batch that abandons the ceremony is being carried out")
            return
        }
        if known.history.revocationList != nil { carryOut(known.batch) }
        state?.abandonments.append(
            (known.batch.manifest.header.number, decision.batch.manifest.header.number))
        for item in known.history.unfinished {
            state?.epochs.settle(item.fields.serial, item.authority)
        }
        if let key = known.history.unfinished.first?.fields.signatureKey {
            state?.setAside.insert(key)
        }
        open[id] = nil
        abandoned = nil
        checkState(place)
    }

    /// Whether a batch that abandons a ceremony says how that ceremony stands.
    mutating func compare(_ item: AbandonItem, _ roster: Roster) {
        guard let known = open[item.manifest], known.history.opened != nil,
            known.batch.manifest.header.number == item.number,
            item.issued == UInt64(known.history.issued.count),
            item.abandoned == AuthoritySerials.covering(known.history.unfinished)
        else {
            fail(.ceremony, "the ceremony that it abandons is not as the batch says")
            return
        }
        let classes = Set(known.batch.manifest.items.map(\.riskClass))
        if roster.strictestClass(of: classes) != item.riskClass {
            fail(
                .item,
                "class \(quoted(item.riskClass)) is not the strictest of batch \(item.number)")
        }
    }
}

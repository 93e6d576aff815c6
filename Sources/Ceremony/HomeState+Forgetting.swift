// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import Ledger
import SSHCrypto

/// A replay of any length in the memory of a short one.
extension HomeState {
    /// Takes in the next entry as `apply` does, and keeps no more than the next may need: what is over
    /// is asked of the past where it matters once more.
    ///
    /// A state that goes on from the text of another never had it; what decides is the same.
    ///
    /// - Parameters:
    ///   - examined: The entry.
    ///   - past: What the ledger has before.
    ///   - requests: How many requests stay in memory at least, those that were admitted last: so many
    ///     as one batch can answer.
    /// - Throws: `Violations` where the entry does not follow from the state.
    public mutating func follow(
        _ examined: ExaminedEntry, past: HomePast,
        keeping requests: Int = BatchManifest.maximumItems
    ) throws(Violations) {
        try apply(examined, past: past)
        switch examined.kind {
        case .batch, .rejection, .epoch, .ceremonyClosed: forgetBatches()
        case .request: break
        default: return
        }
        if self.requests.count >= 2 * requests { forgetRequests(but: requests) }
        requestOrder = []
        keyIDs = [:]
        base = size
    }

    /// Keeps the batches that can still be carried out, and the one whose end another waits for.
    private mutating func forgetBatches() {
        batches.removeAll { batch in
            ![.gathering, .open].contains(batch.phase(at: lastTime))
                && batch.manifest.id != beingAbandoned
        }
    }

    /// Keeps the requests that were admitted last.
    private mutating func forgetRequests(but count: Int) {
        let first = requests.values.map(\.entry).sorted().suffix(count).first ?? .max
        requests = requests.filter { $0.value.entry >= first }
    }
}

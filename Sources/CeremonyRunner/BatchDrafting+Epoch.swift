// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger

extension BatchDrafting {
    /// Drafts the batch that begins a new epoch of every authority's serials: one behind all to which
    /// lost serials are known to have come, as far as one batch leads.
    ///
    /// It gives up every checkpoint by which the home was found to be behind, but for those of which is
    /// known that their serials had come to this epoch, or a later one.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - anchors: Where further checkpoints lie that are ahead of the ledger: bundles, folders of them,
    ///     exports, or the texts of checkpoints.
    /// - Returns: The batch, and where its manifest is.
    /// - Throws: `RunnerError` of `EPOCH-ANCHOR`, `CEREMONY-OPEN` or `EPOCH-LIMIT`; `Violations` where
    ///   the reason cannot be written; what the anchors and the ledger throw.
    public func draftNewEpoch(reason: String, givingUp anchors: [String]) throws -> Outcome {
        try Self.check(reason: reason)
        let memory = AnchorMemory(of: home)
        for path in anchors where try memory.unfit([path]).isEmpty {
            throw RunnerError.refused(
                subject: quoted(path),
                [
                    Violation(
                        .epochAnchor,
                        "no checkpoint of this home is there whose entries the ledger lacks, and that "
                            + "was not given up before",
                        hint: "nothing of it is lost: leave --anchor out")
                ])
        }
        let unfit = try memory.unfit(anchors)
        let lost = unfit.compactMap(\.epoch).max()
        let next = UInt64(home.state.nextEpoch(behind: lost))
        // What may have signed in this epoch or a later one stops the home until that is over as well.
        let given = unfit.filter { ($0.epoch ?? 0) < next }.map(\.anchor)
        let time = home.now()
        let draft: BatchDraft
        do throws(Violations) {
            draft = try BatchDraft(
                newEpoch: reason, givingUp: given, behind: lost, state: home.state,
                circumstances: circumstances(at: time))
        } catch {
            throw RunnerError.refused(subject: "a new epoch", error.all)
        }
        var outcome = try record(draft, at: time)
        outcome.lostEpoch = lost.flatMap { $0 > UInt64(home.state.epoch) ? $0 : nil }
        return outcome
    }
}

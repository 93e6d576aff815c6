// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance

/// Drafts the batch that begins a new epoch of serials.
struct BatchNewEpochCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-epoch",
        abstract: "Draft a batch that begins a new epoch of serials, after a restore.",
        discussion: """
            conclave batch new-epoch --home ca --reason "disk lost; restored from the image of Monday"
            For a home that was restored from a backup, where what it did since cannot be recovered. \
            Every serial that has no certificate in the ledger is revoked, and those that follow are \
            of the next epoch: none that the ledger knows comes back. Where lost serials are known to \
            have come to a later epoch, the one behind that begins. Batches under way must be drafted \
            anew. The checkpoints that --anchor names, and those by which the home was found to be \
            behind, are given up where it lacks their entries. The batch is approved like any other, \
            and conclave sign carries it out without a token.
            """)

    @OptionGroup var home: HomeOptions

    @Option(help: "Why.")
    var reason: String

    func run() throws {
        try home.change("batch new-epoch", passing: .all) { home in
            let outcome = try BatchDrafting(home: home).draftNewEpoch(
                reason: reason, givingUp: self.home.anchor)
            try BatchScreen.showDraft(outcome, home: self.home.home)
            if let text = Self.note(of: outcome) { Screen.note(text) }
        }
    }

    /// What is told of epochs that are lost; nil where the home knows all of them.
    private static func note(of outcome: BatchDrafting.Outcome) -> String? {
        guard let lost = outcome.lostEpoch,
            let begun = outcome.draft.manifest.newEpochs.first?.epoch
        else { return nil }
        return "the serials that are lost had come to epoch \(lost): "
            + (lost < begun
                ? "this batch begins epoch \(begun)"
                : "carry this batch out, which begins epoch \(begun), then draft another, before "
                    + "anything else")
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance

/// Drafts the batch that abandons an interrupted ceremony.
struct BatchAbandonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Draft a batch that ends an interrupted ceremony as it is.",
        discussion: """
            conclave batch abandon --home ca 7 --reason "the token no longer answers"
            For a ceremony that cannot go on, since its token is lost. What was issued is handed \
            out. The other serials are revoked and can never be signed; their requests wait for \
            another batch. The batch is approved like any other, and conclave sign carries it out \
            without a token. A batch whose ceremony has not begun is stopped with conclave reject.
            """)

    @OptionGroup var home: HomeOptions

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @Option(help: "Why.")
    var reason: String

    func run() throws {
        // What is lost may be what keeps the ceremony from going on; abandoning it signs nothing.
        try home.change("batch abandon", passing: .all) { home in
            for fault in try home.anchorFaults() {
                Screen.note("\(fault)")
                Screen.note("with this batch the home goes on without what is missing")
            }
            let found = try home.batch(named: batch)
            let outcome = try BatchDrafting(home: home).draftAbandonment(
                of: found, reason: reason)
            try BatchScreen.showDraft(outcome, home: self.home.home)
        }
    }
}

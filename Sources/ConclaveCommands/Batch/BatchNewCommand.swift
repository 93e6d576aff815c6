// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Drafts a batch.
struct BatchNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Freeze what was admitted into a batch; or the renewals of host certificates.",
        discussion: """
            conclave batch new --home ca
            conclave batch new --home ca --rotate --within 30d
            conclave batch new --home ca --key SHA256:Y8bpMd…
            """)

    @OptionGroup var home: HomeOptions

    @Flag(help: "Draft the renewals of host certificates that end soon.")
    var rotate = false

    @Option(
        help: ArgumentHelp("How soon, with --rotate.", valueName: "span"),
        transform: ArgumentValue.span)
    var within: TimeSpan?

    @Option(
        help: ArgumentHelp("Take at most so many requests, the oldest first.", valueName: "number"))
    var limit: Int = 1000

    @OptionGroup var keys: KeyChoiceOptions

    @Option(help: ArgumentHelp("Write the manifest here too.", valueName: "file"))
    var output: String?

    mutating func validate() throws {
        guard rotate == (within != nil) else {
            throw ValidationError("--rotate and --within belong together")
        }
        guard (1...BatchManifest.maximumItems).contains(limit) else {
            throw ValidationError("--limit is not from 1 to \(BatchManifest.maximumItems)")
        }
    }

    func run() throws {
        try home.change("batch new") { home in
            let drafting = BatchDrafting(home: home)
            let choice = try keys.choice(in: home)
            let outcome: BatchDrafting.Outcome
            if let within {
                let result = try drafting.draftRenewals(
                    within: within, atMost: limit, signatureKeys: choice)
                for host in result.renewals.withoutConsent {
                    Screen.line(
                        "not renewed: \(host.principals.joined(separator: ", ")), ends "
                            + "\(host.ends.text): \(host.reason)")
                }
                guard let renewed = result.outcome else {
                    Screen.line(
                        "no host certificate that ends within \(within.text) can be renewed")
                    throw ExitStatus.nothing
                }
                if result.renewals.others > 0 {
                    Screen.line(
                        "another batch takes \(result.renewals.others) more that end within"
                            + " \(within.text)")
                }
                outcome = renewed
            } else {
                try home.recallWaiting()
                let waiting = home.state.pendingRequests(at: home.now())
                guard !waiting.isEmpty else {
                    Screen.line("no admitted request waits; take some in with: conclave intake")
                    throw ExitStatus.nothing
                }
                outcome = try drafting.draftPending(atMost: limit, signatureKeys: choice)
                if waiting.count > limit {
                    Screen.line("\(waiting.count - limit) requests wait for another batch")
                }
            }
            BatchScreen.showKeys(of: outcome.draft.manifest, in: home)
            try BatchScreen.showDraft(outcome, home: self.home.home)
            if let output {
                try DurableFile.create(output, outcome.draft.manifest.text, mode: 0o644)
                Screen.line("written:     \(output)")
            }
        }
    }
}

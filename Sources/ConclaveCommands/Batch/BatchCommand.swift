// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Commands about batches.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Draft, show and list batches.",
        subcommands: [BatchNewCommand.self, BatchShowCommand.self, BatchListCommand.self])
}

/// Drafts a batch.
struct BatchNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Freeze what was admitted into a batch; or the renewals of host certificates.",
        discussion: """
            conclave batch new --home ca
            conclave batch new --home ca --rotate --within 30d
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
            for path in try drafting.restoreManifests() {
                Screen.line("a manifest was missing and is written again: \(path)")
            }
            let outcome: BatchDrafting.Outcome
            if let within {
                let result = try drafting.draftRenewals(within: within, atMost: limit)
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
                outcome = renewed
            } else {
                let waiting = home.state.pendingRequests(at: home.now())
                guard !waiting.isEmpty else {
                    Screen.line("no admitted request waits; take some in with: conclave intake")
                    throw ExitStatus.nothing
                }
                outcome = try drafting.draftPending(atMost: limit)
                if waiting.count > limit {
                    Screen.line("\(waiting.count - limit) requests wait for another batch")
                }
            }
            try BatchScreen.showDraft(outcome, home: self.home.home)
            if let output {
                try DurableFile.create(output, outcome.draft.manifest.text, mode: 0o644)
                Screen.line("written:     \(output)")
            }
        }
    }
}

/// Shows a batch: of a home, or a manifest file.
struct BatchShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a batch, rebuild every to-be-signed byte of it and compare.",
        discussion: """
            conclave batch show --home ca 1
            conclave batch show 0001.batch        on any machine, without the home
            """)

    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String?

    @Argument(help: "The batch's number, the beginning of its ID, or a manifest file.")
    var batch: String

    @Option(help: ArgumentHelp("Write the home's manifest to this file.", valueName: "file"))
    var output: String?

    mutating func validate() throws {
        guard output == nil || home != nil else {
            throw ValidationError("--output takes a manifest out of a --home")
        }
    }

    func run() throws {
        guard let path = home else {
            let manifest = try BatchManifest(text: InputFile.read(batch))
            try BatchScreen.show(manifest)
            return
        }
        let home = try Home.read(path, surroundings: .machine)
        let found = try home.batch(named: batch)
        if let output {
            try DurableFile.create(output, found.manifest.text, mode: 0o644)
            Screen.line("written      \(output)")
        }
        try BatchScreen.show(found.manifest)
        Screen.line("phase        \(found.phase(at: home.now()).rawValue)")
        BatchScreen.show(
            found.quorum(roster: home.state.roster), approvals: found.approvals.map(\.approval))
    }
}

/// Lists the batches of a home.
struct BatchListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the batches of a home.",
        discussion: "conclave batch list --home ca")

    @OptionGroup var home: HomeReadingOptions

    @Flag(help: "Write one JSON object a batch.")
    var json = false

    func run() throws {
        let home = try home.read()
        let time = home.now()
        for batch in home.state.batches {
            let phase = batch.phase(at: time).rawValue
            let count = batch.manifest.items.count
            if json {
                Screen.line(
                    JSONText.object([
                        ("number", .number(batch.number)),
                        ("id", .string(batch.manifest.id.hex)), ("phase", .string(phase)),
                        ("items", .number(UInt64(count))),
                        ("issued", .number(UInt64(batch.issued.count))),
                        ("approvals", .array(batch.approvals.map { .string($0.approval.officer) })),
                        ("expires", .string(batch.manifest.header.expires.text)),
                    ]).text)
            } else {
                Screen.line(
                    "\(batch.number)  \(batch.manifest.id.hex.prefix(16))  \(phase), "
                        + "\(counted(count, "item")), "
                        + "\(counted(batch.approvals.count, "approval")), expires "
                        + batch.manifest.header.expires.text)
            }
        }
        if home.state.batches.isEmpty, !json { Screen.line("no batch was drafted yet") }
    }
}

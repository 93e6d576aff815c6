// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

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

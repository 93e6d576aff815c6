// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import SSHCrypto

/// Hands out the ledger.
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole ledger into a directory that others verify without the home.",
        discussion: """
            conclave ledger export --home ca /media/out/ledger --sign-with ~/.ssh/id_ed25519
            conclave-verify ledger checks it. Officers who are not there sign its checkpoint later: \
            conclave ledger witness.
            """)

    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Argument(help: "The directory to be made; nothing may be there.")
    var directory: String

    @Option(
        help: ArgumentHelp(
            "A key of an officer or witness who signs the checkpoint; once for each.",
            valueName: "file"))
    var signWith: [String] = []

    @Option(
        help: ArgumentHelp(
            "The library through which OpenSSH reaches FIDO keys.", valueName: "path"))
    var skProvider: String?

    func run() async throws {
        let sealers = try signWith.map { path in
            try Sealer(key: path, securityKeyProvider: skProvider)
        }
        var checking = Progress("entries, verified", after: 0)
        let export = try LedgerExport(home: home) { done, total in
            if total > 1_000 { checking.show(Int(clamping: done), of: Int(clamping: total)) }
        }
        var progress = Progress("entries, written and read again", after: 0)
        let (checkpoint, needed) = try await export.write(
            to: directory, sealers: sealers, at: Surroundings.machine.now()
        ) { done, total in
            if total > 1_000 { progress.show(done, of: total) }
        }
        Screen.line("export      \(directory)")
        Screen.line("ledger      \(checkpoint.size) entries, root \(checkpoint.root.hex)")
        if sealers.count < needed {
            Screen.line(
                "signatures  \(sealers.count) of \(needed): verifiers refuse it until officers or "
                    + "witnesses have signed its checkpoint")
        }
    }
}

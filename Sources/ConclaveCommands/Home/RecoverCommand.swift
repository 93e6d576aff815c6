// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import SSHCrypto

/// Gives a home back what it lost.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Give a home that was put back from a backup what its bundles have and it lost.",
        discussion: """
            conclave recover --home ca /media/out/conclave-0007 /media/out/conclave-0008
            Reads what is missing from the bundles' record, in any order, once all of it leads to the \
            checkpoint that officers signed. Interrupted anywhere, the same command goes on. Exit \
            status 4 where nothing was missing.
            """)

    @OptionGroup var home: HomeOptions

    @Argument(help: "Bundles, or folders of bundles.")
    var bundles: [String]

    func run() throws {
        try home.change("recover", isMended: true) { home in
            var progress = Progress("entries", after: 0)
            let outcome = try Recovery(home: home).run(bundles) { size in
                progress.show(Int(clamping: size), of: Int(clamping: size))
            }
            for bundle in outcome.bundles { Screen.line("from        \(bundle)") }
            Screen.line("recovered   \(counted(Int(clamping: outcome.entries), "record"))")
            Screen.line(
                "ledger      \(home.state.size) entries, root \(home.state.root.hex)")
            guard outcome.faults.isEmpty else {
                throw RunnerError.altered(subject: "home \"\(home.path)\"", outcome.faults)
            }
            if outcome.entries == 0 {
                Screen.note("nothing was missing: the ledger has all that these bundles have")
                throw ExitStatus.nothing
            }
        }
    }
}

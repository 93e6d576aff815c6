// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Glibc
import SSHCrypto

/// Gives a home back what it lost.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Give a home that was put back from a backup what its bundles have and it lost.",
        discussion: """
            conclave recover --home ca /media/out/conclave-0007 /media/out/conclave-0008
            Reads what is missing from the bundles' record, in any order, once all of it leads to the \
            checkpoint that officers signed. Interrupted anywhere, the same command goes on. Where \
            nothing is left of the home, name it by its identity with --genesis: it is made again from \
            all of its bundles. Exit status 4 where nothing was missing.
            """)

    @OptionGroup var home: HomeOptions

    @Option(
        help: ArgumentHelp(
            "The home's identity, where nothing is left of it: the SHA-256 of its genesis.",
            valueName: "hex"))
    var genesis: String?

    @Argument(help: "Bundles, or folders of bundles.")
    var bundles: [String]

    func validate() throws {
        if let genesis, SHA256Digest(hex: genesis) == nil {
            throw ValidationError("--genesis is not a SHA-256 of 64 lower-case hex digits")
        }
    }

    func run() throws {
        let identity = genesis.flatMap { SHA256Digest(hex: $0) }
        if unsafe access(home.home + "/ledger.sqlite", F_OK) != 0 {
            try refound(identity)
        }
        try home.change("recover", isMended: true) { home in
            if let identity, identity != home.state.id {
                throw RunnerError.altered(
                    subject: "home \(quoted(home.path))",
                    [
                        Violation(
                            .recoveryBundle, "it is home \(home.state.id.hex), not \(identity.hex)")
                    ])
            }
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

    /// Makes the home again of which nothing is left.
    private func refound(_ identity: SHA256Digest?) throws {
        let command = "conclave recover --home \(home.home) --genesis HEX BUNDLE…"
        guard let identity else {
            Screen.error([
                "there is no home at \(quoted(home.home))",
                "  hint: where nothing is left of it, name it by its identity, with all its bundles: "
                    + command,
            ])
            throw ExitStatus.machine
        }
        // An empty folder may be where a disk is mounted; one with something in it is not touched.
        if unsafe rmdir(home.home) != 0, errno != ENOENT {
            Screen.error([
                "there is something at \(quoted(home.home)), and no ledger in it",
                "  hint: put it aside, and keep it: mv \(home.home) \(home.home).damaged; then "
                    + command,
            ])
            throw ExitStatus.machine
        }
        try Refounding(home: home.home, genesis: identity).run(bundles, surroundings: .machine)
    }
}

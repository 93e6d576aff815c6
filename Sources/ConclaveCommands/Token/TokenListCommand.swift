// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import Token

/// Lists readers, cards, modules, tokens and their keys.
struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all tokens: PIV cards in readers, and what PKCS#11 modules show.",
        discussion: """
            conclave token list
            conclave token list --home ca --module /opt/maker/pkcs11.so
            conclave token list --only --module /usr/lib/softhsm/libsofthsm2.so --json
            Each module is loaded by a child of this program, so that one which crashes or hangs is
            told in a line. No PIN is asked for: keys that are seen after a login only are left out.
            """)

    @OptionGroup var modules: ModuleOptions

    @Option(help: ArgumentHelp("Mark the keys of this home's authorities.", valueName: "dir"))
    var home: String?

    @Flag(help: "Look behind the modules of --module alone: not at others, and at no reader.")
    var only = false

    @Option(
        help: ArgumentHelp("How long each module may take, in seconds.", valueName: "seconds"))
    var timeLimit: UInt32 = 20

    @Flag(help: "Write JSON.")
    var json = false

    mutating func validate() throws {
        guard !only || !modules.module.isEmpty else {
            throw ValidationError("--only wants a --module")
        }
        guard (1...3600).contains(timeLimit) else {
            throw ValidationError("--time-limit is not from 1 to 3600")
        }
    }

    func run() async throws {
        let keys = try home.map { try Home.read($0, surroundings: .machine).state.genesis.keys }
        var listing = TokenListing()
        if !only { await listing.addReaders() }
        let paths = only ? modules.module : KnownModules.here(and: modules.module)
        for path in paths { listing.add(ModuleProbe(path, limit: Double(timeLimit))) }
        listing.mark(keys ?? [])
        if json {
            Screen.line(listing.json.text)
        } else {
            for line in listing.lines { Screen.line(line) }
            if listing.count == 0 { Screen.line("no token is there") }
        }
        // A module that was asked for by name has to work; one that merely lies there need not.
        let failed = listing.ways.contains {
            $0.fault != nil && $0.module.map(modules.module.contains) == true
        }
        if failed { throw ExitStatus.machine }
        if listing.count == 0 { throw ExitStatus.nothing }
    }
}

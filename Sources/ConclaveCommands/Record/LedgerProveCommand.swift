// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import LedgerStore

/// Prints a proof that the ledger holds an entry, or that it only grew.
struct LedgerProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that the ledger holds an entry or certificate, or that it only grew.",
        discussion: """
            conclave ledger prove --home ca --serial 3 --authority users@example.org
            conclave ledger prove --home ca --from 13
            With --entry or --serial a C2SP tlog-proof; with --from a consistency proof, from an \
            older checkpoint to the one of --size entries, or the newest.
            """)

    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Option(help: ArgumentHelp("The entry's number.", valueName: "number"))
    var entry: UInt64?

    @Option(help: ArgumentHelp("The certificate's serial.", valueName: "number"))
    var serial: UInt64?

    @Option(help: ArgumentHelp("The authority that issued it.", valueName: "name"))
    var authority: String?

    @Option(
        help: ArgumentHelp(
            "The number of entries of the older checkpoint.", valueName: "entries"))
    var from: UInt64?

    @Option(
        help: ArgumentHelp(
            "Prove it for the checkpoint of so many entries.", valueName: "entries"))
    var size: UInt64?

    func validate() throws {
        guard [entry, serial, from].compactMap({ $0 }).count == 1 else {
            throw ValidationError("give one of --entry, --serial, --from")
        }
        guard (serial == nil) == (authority == nil) else {
            throw ValidationError("--serial and --authority go together")
        }
    }

    func run() throws {
        let ledger = try StoredLedger(home: home)
        if let from {
            Screen.write(try ledger.growthProof(from: from, to: size).text, to: 1)
            return
        }
        var index = entry ?? 0
        if let serial, let authority {
            index = try ledger.issuedEntry(authority: authority, serial: serial)
        }
        Screen.write(try ledger.logProof(entry: index, size: size).text, to: 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Glibc
import Ledger
import SSHCrypto
import Spool

/// Signs a checkpoint as a witness.
struct LedgerWitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Sign a checkpoint that follows from the last one that you saw; remember it.",
        discussion: """
            conclave ledger witness /media/usb/ledger --memory ~/ca.checkpoint \\
              --key ~/.ssh/id_ed25519 --output /media/usb/ledger/checkpoint-2.sig
            For officers and witnesses, on a machine of their own; it needs no home. Exit status 2 \
            where the ledger is not the one that you saw, grown.
            """)

    @OptionGroup var officerKey: OfficerKeyOptions

    @Argument(
        help: "The directory of an export, or a consistency proof from the checkpoint seen last.")
    var ledger: String

    @Option(
        help: ArgumentHelp(
            "The file that remembers the last checkpoint; made by the first run.",
            valueName: "file"))
    var memory: String

    @Option(help: ArgumentHelp("The signature's file; nothing may be there.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The home's identity, for the first run: the SHA-256 of its genesis.",
            valueName: "hex"))
    var genesis: String?

    func validate() throws {
        if let genesis, SHA256Digest(hex: genesis) == nil {
            throw ValidationError("--genesis is not a SHA-256 of 64 lower-case hex digits")
        }
        guard (officerKey.key == nil) == (output == nil) else {
            throw ValidationError("--key and --output go together")
        }
    }

    func run() async throws {
        let witness: Witness
        do {
            witness = try Witness(
                of: ledger, memory: memory, genesis: genesis.flatMap { SHA256Digest(hex: $0) })
        } catch let violations as Violations {
            Screen.error(Failure.lines(violations.all))
            throw ExitStatus.altered
        }
        if let output, unsafe access(output, F_OK) == 0 {
            throw FileError("open", output, number: EEXIST)
        }
        try witness.remember()
        let checkpoint = witness.checkpoint
        Screen.line("home        \(checkpoint.genesis.hex)")
        Screen.line("ledger      \(checkpoint.size) entries, root \(checkpoint.root.hex)")
        Screen.line(
            witness.previous.map {
                "seen before \($0.size) entries, of the same history"
            } ?? "seen before nothing; this is the first, and is remembered")
        guard let output, let sealer = try officerKey.sealer() else { return }
        try await witness.sign(with: sealer, to: output)
        Screen.line("signature   \(output)")
    }
}

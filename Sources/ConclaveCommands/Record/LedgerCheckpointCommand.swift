// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import LedgerStore
import SSHCrypto

/// Prints the checkpoint.
struct LedgerCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print the ledger's checkpoint, in C2SP form.",
        discussion: "conclave ledger checkpoint --home ca")

    @OptionGroup var home: HomeReadingOptions

    func run() throws {
        // Opened twice: once for the state that officers signed, once for the newest checkpoint, which
        // may be of a ceremony whose bundle nobody has sealed yet.
        let size = try home.read().store.size
        let checkpoint = try StoredLedger(home: home.home).checkpoint(size: size)
        Screen.write(checkpoint.text, to: 1)
    }
}

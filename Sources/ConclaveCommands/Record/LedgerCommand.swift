// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands about the ledger.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Show, verify and prove the ledger.",
        subcommands: [
            LedgerShowCommand.self, LedgerVerifyCommand.self, LedgerCheckpointCommand.self,
            LedgerProveCommand.self, LedgerExportCommand.self, LedgerWitnessCommand.self,
        ])
}

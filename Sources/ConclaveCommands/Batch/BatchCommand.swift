// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands about batches.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Draft, show and list batches.",
        subcommands: [
            BatchNewCommand.self, BatchShowCommand.self, BatchListCommand.self,
            BatchAbandonCommand.self, BatchNewEpochCommand.self,
        ])
}

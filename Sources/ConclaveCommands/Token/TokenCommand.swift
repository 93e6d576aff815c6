// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands about tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "List tokens, show their keys, and make CA keys on them.",
        subcommands: [
            TokenListCommand.self, TokenShowCommand.self, TokenGenerateCommand.self,
            TokenAttestCommand.self, TokenBenchCommand.self, TokenDoctorCommand.self,
            ModuleProbeCommand.self,
        ])
}

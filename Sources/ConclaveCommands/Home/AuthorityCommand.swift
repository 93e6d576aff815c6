// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands about authorities.
struct AuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authority", abstract: "Show the authorities and their CA keys.",
        subcommands: [AuthorityShowCommand.self])
}

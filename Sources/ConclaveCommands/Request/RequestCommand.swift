// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands for those who ask for certificates.
struct RequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Make, show and check requests; plain OpenSSH can make them too.",
        subcommands: [RequestNewCommand.self, RequestShowCommand.self, RequestCheckCommand.self])
}

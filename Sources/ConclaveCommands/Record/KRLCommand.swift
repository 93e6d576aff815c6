// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Commands about revocation lists.
struct KRLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "krl", abstract: "Make, show, ask and compare revocation lists.",
        discussion: """
            These need no home: a list of a home is made by its ceremonies.
            """,
        subcommands: [
            KRLMakeCommand.self, KRLShowCommand.self, KRLQueryCommand.self, KRLDiffCommand.self,
        ])
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SSHCrypto

/// `conclave-verify signature match-principals`: which lines are for a name.
struct MatchPrincipalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match-principals",
        abstract: "Find the lists of patterns that take a name, one a line.",
        discussion: """
            As ssh-keygen -Y match-principals does.

            Example: conclave-verify signature match-principals -f allowed_signers -I alice@example.org
            """)

    @OptionGroup var list: AllowedSignersOption

    @Option(
        name: [.customShort("I"), .customLong("identity")], parsing: .unconditional,
        help: ArgumentHelp("The name.", valueName: "name"))
    var identity: String

    mutating func run() throws {
        try reporting {
            let allowedSigners = try SignatureFiles.allowedSigners(list)
            let lists: [String]
            do throws(SignatureRefusal) {
                lists = try allowedSigners.matchPrincipals(identity)
            } catch {
                complain(SignatureReport.lines(error, of: list.path))
                try StandardStream.errors.write(line: "No principal matched.")
                return false
            }
            try StandardStream.output.write(
                line: lists.map(shownText).joined(separator: "\n"))
            return true
        }
    }
}

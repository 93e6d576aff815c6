// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHFormats

/// Drafts a batch that revokes.
struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Draft a batch that revokes and releases a new revocation list.",
        discussion: """
            conclave revoke --home ca --authority users@example.org --serial 3 --reason "laptop lost"
            The batch is approved and carried out like any other.
            """)

    @OptionGroup var home: HomeOptions

    @Option(help: "The authority whose certificates are revoked.")
    var authority: String

    @Option(help: ArgumentHelp("A serial; once for each.", valueName: "number"))
    var serial: [UInt64] = []

    @Option(help: ArgumentHelp("Serials FROM-TO; once for each range.", valueName: "range"))
    var serials: [String] = []

    @Option(help: ArgumentHelp("A key ID; once for each.", valueName: "text"))
    var keyID: [String] = []

    @Option(
        help: ArgumentHelp(
            "A key, with all its certificates; once for each.", valueName: "file.pub"))
    var key: [String] = []

    @Option(help: "Why.")
    var reason: String

    mutating func validate() throws {
        let targets = try namedTargets()
        guard !targets.isEmpty || !key.isEmpty else {
            throw ValidationError("say what is revoked: --serial, --serials, --key-id or --key")
        }
    }

    func run() throws {
        let keys = try key.map { RevokeItem.Target.key(try InputFile.publicKey($0)) }
        let targets = try namedTargets() + keys
        try home.change("revoke") { home in
            let items = targets.map { target in
                RevokeItem(
                    authority: authority, target: target,
                    riskClass: home.state.roster.revocationClass, reason: reason)
            }
            let outcome = try BatchDrafting(home: home).draftRevocations(items)
            try BatchScreen.showDraft(outcome, home: self.home.home)
        }
    }

    /// What is named in the arguments themselves.
    private func namedTargets() throws -> [RevokeItem.Target] {
        let texts =
            serial.map { "serial \($0)" } + serials.map { "serials \($0)" }
            + keyID.map { "key-id \($0)" }
        return try texts.map { text in
            guard let target = RevokeItem.Target(text: text) else {
                throw ValidationError("\(quoted(text)) cannot be revoked: it is not well formed")
            }
            return target
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `conclave-verify signature`: who signed a file, and whether they might.
struct SignatureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signature",
        abstract: "Verify a signature by ssh-keygen over a file, and say who made it.",
        discussion: """
            As ssh-keygen -Y verify does, and stricter: FIDO tokens must have been touched, and \
            certificates count for what they allow. Options have the letters that ssh-keygen gives \
            them. Docs/Formats/Signature.md has every difference.
            """,
        subcommands: [
            VerifySignatureCommand.self, FindPrincipalsCommand.self, MatchPrincipalsCommand.self,
            CheckSignatureCommand.self,
        ],
        defaultSubcommand: VerifySignatureCommand.self)
}

/// The list of allowed signers, as each command takes it.
struct AllowedSignersOption: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("allowed-signers")], parsing: .unconditional,
        help: ArgumentHelp(
            "The file that says who may sign, as ssh-keygen(1) describes it.", valueName: "file"))
    var path: String

    @Flag(help: "Take no list with a line that cannot be read.")
    var strict = false
}

/// The signature's file, as each command takes it.
struct SignatureFileOption: ParsableArguments {
    @Option(
        name: [.customShort("s"), .customLong("signature")], parsing: .unconditional,
        help: ArgumentHelp("The file with the armored signature.", valueName: "file"))
    var path: String
}

/// The time to judge for, as each command takes it.
struct TimeOptions: ParsableArguments {
    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            """
            The time to judge for, such as 2026-11-22T15:30:00Z or 20261122153000Z; the clock's, \
            if not given.
            """, valueName: "time"),
        transform: { text in
            guard let time = JudgingTime(text) else {
                throw ValidationError("it is not a time such as 2026-11-22T15:30:00Z")
            }
            return time
        })
    var at: JudgingTime?

    @Option(
        name: [.customShort("O"), .customLong("option")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What ssh-keygen takes here: verify-time=TIME and print-pubkey.",
            valueName: "option"))
    var options: [String] = []

    /// Whether the signer's key is to be written too.
    var printsKey: Bool { options.contains { $0.lowercased() == "print-pubkey" } }

    mutating func validate() throws {
        for option in options where option.lowercased() != "print-pubkey" {
            guard let value = Self.verifyTime(option) else {
                throw ValidationError(
                    "\(option.debugDescription) is neither verify-time=TIME nor print-pubkey")
            }
            guard let time = JudgingTime(value) else {
                throw ValidationError(
                    "verify-time \(value.debugDescription) is not a time such as 20261122153000Z")
            }
            guard at == nil || at == time else {
                throw ValidationError("two times are given to judge for")
            }
            at = time
        }
    }

    /// The time to judge for.
    func time() throws(MachineFault) -> JudgingTime {
        if let at { return at }
        return try .now()
    }

    private static func verifyTime(_ option: String) -> String? {
        let name = "verify-time="
        guard option.utf8.count > name.utf8.count,
            option.prefix(name.count).lowercased() == name
        else { return nil }
        return String(option.dropFirst(name.count))
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Shows the keys on a token.
struct TokenShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the keys on a token, and what its module says of them.",
        discussion: "conclave token show --module PATH --token pkcs11:token=ca")

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions

    func run() async throws {
        let token = try await options.open()
        try await pin.login(to: token)
        Screen.line("\(await token.identity)")
        for key in try await token.keys() {
            Screen.line("\(key.publicKey.line) \(key.label)")
            Screen.line("  \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))")
            let claims = key.evidence.statements.map { "\($0.name)=\($0.value)" }
            Screen.line("  claims of the module: \(claims.joined(separator: " "))")
            for fault in key.evidence.faults { Screen.line("  unfit as a CA key: \(fault)") }
        }
        await token.close()
    }
}

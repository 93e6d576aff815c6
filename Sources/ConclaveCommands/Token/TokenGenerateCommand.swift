// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SSHCrypto
import SSHFormats
import Spool
import Token
import TokenEvidence

/// Makes a CA key on a token.
struct TokenGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a CA key on a token, which it can never leave.",
        discussion: """
            conclave token generate --module /usr/lib/softhsm/libsofthsm2.so \\
              --token pkcs11:token=ca --kind ecdsa-p256 --label users --output users
            writes users.pub, the public key, and users.token, which conclave init reads.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions

    @Option(
        help: ArgumentHelp(
            "The kind of key: \(CAKeyKind.allCases.map(\.rawValue).joined(separator: ", "))."),
        transform: ArgumentValue.keyKind)
    var kind: CAKeyKind

    @Option(help: "The key's label on the token.")
    var label: String

    @Option(help: ArgumentHelp("Where to write PREFIX.pub and PREFIX.token.", valueName: "prefix"))
    var output: String

    func run() async throws {
        for suffix in [".pub", ".token"] where try exists(output + suffix) {
            throw FileError("create", output + suffix, number: 17)
        }
        let token = try await options.open()
        try await pin.login(to: token)
        let identity = await token.identity
        let key = try await token.generate(KeyRequest(kind, label: label))
        let text = TokenKeyText(key, on: identity, module: await token.route.description)
        try DurableFile.create(
            output + ".pub", Array("\(key.publicKey.line) \(label)\n".utf8), mode: 0o644)
        try DurableFile.create(output + ".token", text.bytes, mode: 0o644)
        await token.close()
        Screen.line("made on \(identity)")
        Screen.line("  \(key.publicKey.line) \(label)")
        Screen.line("  \(key.publicKey.fingerprint) (\(kind.rawValue))")
        Screen.line("  a test signature was made and verified")
        for claim in key.evidence.statements {
            Screen.line("  claim of the module: \(claim.name) is \(claim.value)")
        }
        Screen.line("written: \(output).pub, \(output).token")
    }

    private func exists(_ path: String) throws -> Bool {
        do throws(FileError) {
            _ = try DurableFile.read(path, limit: 1_048_576)
            return true
        } catch {
            return error.number != 2
        }
    }
}

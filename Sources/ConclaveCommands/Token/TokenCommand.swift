// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import PKCS11Token
import SSHCrypto
import SSHFormats
import Spool
import Token

/// Commands about tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "List tokens, show their keys, and make CA keys on them.",
        subcommands: [TokenListCommand.self, TokenShowCommand.self, TokenGenerateCommand.self])
}

/// Lists the tokens of a module.
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens of a PKCS#11 module.",
        discussion: "conclave token list --module /usr/lib/softhsm/libsofthsm2.so")

    @Option(help: ArgumentHelp("The module, by its absolute path.", valueName: "path"))
    var module: String

    func run() throws {
        let module = try PKCS11Module(path: module)
        let information = try module.information()
        Screen.line(
            "module \(module.path): \(information.description), \(information.manufacturer), "
                + "version \(information.version)")
        var count = 0
        for slot in try module.slots() {
            if let fault = slot.fault { Screen.line("slot \(slot.id): \(fault)") }
            guard let token = slot.token, token.flags.contains(.initialized) else { continue }
            count += 1
            Screen.line(token.identity.uri.text)
            Screen.line("  label \"\(token.identity.label)\", serial \(token.identity.serial)")
            Screen.line("  model \"\(token.identity.model)\", firmware \(token.firmwareVersion)")
            Screen.line(
                "  PIN tries: \(token.flags.triesLeft ?? "the token reports no failed try")")
        }
        if count == 0 {
            Screen.line("no token is there")
            throw ExitStatus.nothing
        }
    }
}

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
        try await token.login(pin.pin(for: token), allowLastTry: pin.lastTry)
        Screen.line("\(token.identity)")
        for key in try await token.keys() {
            Screen.line("\(key.publicKey.line) \(key.label)")
            Screen.line("  \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))")
            let claims = key.evidence.claims.map { "\($0.name)=\($0.value)" }
            Screen.line("  claims of the module: \(claims.joined(separator: " "))")
            for fault in key.evidence.faults { Screen.line("  unfit as a CA key: \(fault)") }
        }
        await token.close()
    }
}

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
        try await token.login(pin.pin(for: token), allowLastTry: pin.lastTry)
        let key = try await token.generate(kind, label: label)
        let text = TokenKeyText(key, on: token.identity, module: options.module)
        try DurableFile.create(
            output + ".pub", Array("\(key.publicKey.line) \(label)\n".utf8), mode: 0o644)
        try DurableFile.create(output + ".token", text.bytes, mode: 0o644)
        await token.close()
        Screen.line("made on \(token.identity)")
        Screen.line("  \(key.publicKey.line) \(label)")
        Screen.line("  \(key.publicKey.fingerprint) (\(kind.rawValue))")
        Screen.line("  a test signature was made and verified")
        for claim in key.evidence.claims {
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

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import PKCS11Token
import SSHCrypto
import SSHFormats
import Spool
import Token

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

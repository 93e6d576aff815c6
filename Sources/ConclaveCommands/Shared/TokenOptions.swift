// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Token

/// Which token a command works with.
struct TokenOptions: ParsableArguments {
    @OptionGroup var modules: ModuleOptions

    @Option(
        help: ArgumentHelp(
            "The token: pkcs11:token=ca, an RFC 7512 URI, or piv:serial=12345678, a PIV card.",
            valueName: "uri"))
    var token: String?

    /// The token's URI; where none is given, the one token behind the module, or the one card.
    var uri: TokenURI {
        get throws(TokenError) {
            guard let token else {
                return TokenURI(scheme: modules.module.isEmpty ? .piv : .pkcs11)
            }
            return try TokenURI(text: token)
        }
    }

    /// Opens the token.
    func open() async throws(TokenError) -> any Token {
        try await modules.directory.open(uri)
    }
}

/// The PKCS#11 modules that a command may use.
struct ModuleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A PKCS#11 module, by its absolute path; may be repeated. A PIV card needs none.",
            valueName: "path"))
    var module: [String] = []

    /// Where tokens are opened.
    var directory: TokenDirectory { TokenDirectory(modules: module) }
}

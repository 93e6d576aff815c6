// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Glibc
import Issuance
import PKCS11Token
import SSHFormats
import Spool
import Token

/// Which token a command works with.
struct TokenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The PKCS#11 module, by its absolute path.", valueName: "path"))
    var module: String

    @Option(
        help: ArgumentHelp(
            "The token, as an RFC 7512 URI such as pkcs11:token=ca.", valueName: "uri"))
    var token: String = "pkcs11:"

    /// Opens the token.
    func open() async throws -> PKCS11Token {
        try await PKCS11Module(path: module).open(TokenURI(text: token))
    }
}

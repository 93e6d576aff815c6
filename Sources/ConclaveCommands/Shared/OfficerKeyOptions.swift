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

/// An officer's key for signing, through OpenSSH.
struct OfficerKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A private key file, or a .pub file whose key is in the agent.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The library through which OpenSSH reaches FIDO keys (SSH_SK_PROVIDER).",
            valueName: "path"))
    var skProvider: String?

    /// The signer, where a key is given.
    var signer: SSHKeygenSigner? {
        key.map { SSHKeygenSigner(key: $0, securityKeyProvider: skProvider) }
    }

    /// The signer and its public key, where a key is given.
    ///
    /// - Throws: where the public key cannot be read.
    func sealer() throws -> Sealer? {
        try key.map { try Sealer(key: $0, securityKeyProvider: skProvider) }
    }
}

extension Sealer {
    /// Who signs through OpenSSH with this private key file, or with the agent's key of this `.pub` file.
    ///
    /// - Throws: where the public key beside it cannot be read.
    init(key: String, securityKeyProvider: String?) throws {
        self.init(
            publicKey: try InputFile.publicKey(key),
            signer: SSHKeygenSigner(key: key, securityKeyProvider: securityKeyProvider))
    }
}

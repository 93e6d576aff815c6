// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SSHFormats
import Token

/// An officer's key on a token, with which a text is signed as `ssh-keygen -Y sign` would.
struct OfficerTokenOptions: ParsableArguments {
    @OptionGroup var token: TokenOptions
    @OptionGroup var pin: PINOptions

    @Option(
        help: ArgumentHelp("The officer's public key on the token --token.", valueName: "file"))
    var tokenKey: String?

    mutating func validate() throws {
        guard tokenKey != nil || (token.modules.module.isEmpty && token.token == nil) else {
            throw ValidationError("--module and --token want the officer's --token-key")
        }
        guard tokenKey == nil || !token.modules.module.isEmpty || token.token != nil else {
            throw ValidationError("--token-key wants --module or --token")
        }
    }

    /// Signs a text; the signature is verified before it is handed out.
    ///
    /// - Throws: `TokenError` where the key is not there once, or the signature is wrong.
    func sign(_ text: [UInt8], namespace: String) async throws -> [UInt8] {
        let key = try InputFile.publicKey(tokenKey ?? "")
        let token = try await token.open()
        let signature: SSHSIG
        do {
            try await pin.login(to: token, for: [key])
            signature = try await OfficerSignature.make(
                over: text, namespace: namespace, key: key, on: token)
        } catch {
            await token.close()
            throw error
        }
        await token.close()
        return Array(signature.armored.utf8)
    }
}

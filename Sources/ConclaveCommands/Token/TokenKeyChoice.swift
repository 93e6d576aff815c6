// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Which key of a token is meant, where a command works with one.
enum TokenKeyChoice {
    /// The key of a `.pub` file, or the only one that may be a CA key.
    ///
    /// - Throws: `TokenError` where the key is not there, or the token holds several.
    static func choose(_ path: String?, on token: any Token) async throws -> TokenKey {
        if let path { return try await token.find(try InputFile.publicKey(path)) }
        let identity = await token.identity
        let fit = try await token.keys().filter { $0.evidence.faults.isEmpty }
        guard let only = fit.first else {
            throw TokenError(
                .keyNotFound, "\(identity) holds no key that may be a CA key",
                hint: "conclave token show says what is at fault with those that it holds")
        }
        guard fit.count == 1 else {
            let names = fit.map { "\($0.publicKey.fingerprint) (\($0.publicKey.kind.shortName))" }
            throw TokenError(
                .ambiguousKey,
                "\(identity) holds \(counted(fit.count, "key")): \(names.joined(separator: ", "))",
                hint: "name the one that is meant with --key FILE.pub")
        }
        return only
    }
}

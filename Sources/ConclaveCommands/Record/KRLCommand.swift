// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// Commands about revocation lists.
struct KRLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "krl", abstract: "Show revocation lists.",
        subcommands: [KRLShowCommand.self])
}

/// Shows a revocation list.
struct KRLShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a revocation list revokes.",
        discussion: "conclave krl show revoked_keys.krl")

    @Argument(help: "The list's file.")
    var file: String

    func run() throws {
        let bytes = try InputFile.read(file, limit: 256 * 1_048_576)
        let list = try RevocationList(parsing: bytes)
        Screen.line("version    \(list.version)")
        Screen.line("generated  \(UnixTime(seconds: list.generated).text)")
        Screen.line("sha256     \(SHA256Digest(hashing: bytes).hex)")
        if !list.comment.isEmpty { Screen.line("comment    \(quoted(list.comment))") }
        for authority in list.authorities {
            Screen.line("of CA key  \(authority.key?.fingerprint ?? "any")")
            for range in authority.serials.ranges {
                // The count of a range may be beyond Int, which is a trap.
                Screen.line(
                    range.lowerBound == range.upperBound
                        ? "  serial   \(range.lowerBound)"
                        : "  serials  \(range.lowerBound)-\(range.upperBound)")
            }
            for keyID in authority.keyIDs { Screen.line("  key ID   \(quoted(keyID))") }
        }
        for key in list.keys { Screen.line("key        \(key.fingerprint)") }
        for hash in list.keyHashes { Screen.line("key hash   SHA256 \(Hex.encode(hash))") }
        for hash in list.sha1KeyHashes { Screen.line("key hash   SHA1 \(Hex.encode(hash))") }
        if list.isEmpty { Screen.line("nothing is revoked") }
    }
}

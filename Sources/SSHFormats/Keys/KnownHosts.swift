// SPDX-License-Identifier: Apache-2.0

/// The file by which clients know hosts, sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
public enum KnownHosts {
    /// One line, without its line end: the key that signs for hosts of these patterns.
    ///
    /// Patterns may hold `*` and `?`, a leading `!`, and `[name]:port`.
    ///
    /// - Throws: ``FormatError`` where there is no pattern, or one is empty or could break out of
    ///   its place.
    public static func certificateAuthorityLine(
        patterns: [String], key: PublicKey
    ) throws(FormatError) -> String {
        guard !patterns.isEmpty else {
            throw FormatError("patterns", at: 0, .invalid("there is none"))
        }
        for pattern in patterns {
            let name = pattern.utf8.first == UInt8(ascii: "!") ? pattern.dropFirst() : pattern[...]
            try PatternText.require("pattern", String(name))
        }
        return "@cert-authority \(patterns.joined(separator: ",")) \(key.line)"
    }
}

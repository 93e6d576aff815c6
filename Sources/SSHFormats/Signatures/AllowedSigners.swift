// SPDX-License-Identifier: Apache-2.0

/// The file by which `ssh-keygen -Y verify` knows signers, ssh-keygen(1), ALLOWED SIGNERS.
public enum AllowedSigners {
    /// One line, without its line end: who may sign with this key, and for which purposes.
    ///
    /// The principal is a name or a pattern with `*` and `?`. A key without namespaces would count
    /// for every purpose, so at least one must be given.
    ///
    /// - Throws: ``FormatError`` where a text is empty or could break out of its place.
    public static func line(
        principal: String, namespaces: [String], key: PublicKey
    ) throws(FormatError) -> String {
        try PatternText.require("principal", principal)
        guard !namespaces.isEmpty else {
            throw FormatError("namespaces", at: 0, .invalid("there is none"))
        }
        for namespace in namespaces { try PatternText.require("namespace", namespace) }
        let list = namespaces.joined(separator: ",")
        return "\(principal) namespaces=\"\(list)\" \(key.line)"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A further token that holds the very same CA key, restored from its maker's wrapped backup.
///
/// Such a token may sign in the place of the one on which the key was made. That the key was made
/// there, and could never be taken out, is not true of it and is not asked for: officers signed in
/// the genesis how it came there.
public struct KeyCopy: Hashable, Sendable {
    /// The token: an RFC 7512 URI without a module path.
    public let token: String
    /// How the key came there, in a few words.
    public let origin: String

    /// Names a copy.
    public init(token: String, origin: String) {
        self.token = token
        self.origin = origin
    }

    /// The copy as the genesis writes it: the token, a space, and how the key came there.
    public var text: String { "\(token) \(origin)" }

    /// Reads what ``text`` writes.
    public init?(text: String) {
        let parts = text.split(
            separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains(":"), !parts[1].isEmpty, parts[1].first != " "
        else { return nil }
        self.init(token: String(parts[0]), origin: String(parts[1]))
    }
}

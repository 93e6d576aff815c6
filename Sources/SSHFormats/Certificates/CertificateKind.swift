// SPDX-License-Identifier: Apache-2.0

/// Whom a certificate names, draft-ietf-sshm-cert section 2.1, field `type`.
public enum CertificateKind: UInt32, CaseIterable, Hashable, Sendable {
    /// Accounts that the holder may log in to.
    case user = 1
    /// Names by which the holder may be reached.
    case host = 2

    /// The kind as texts spell it: `user`, `host`.
    public var name: String {
        switch self {
        case .user: "user"
        case .host: "host"
        }
    }

    /// The kind that a text spells so.
    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

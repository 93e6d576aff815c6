// SPDX-License-Identifier: Apache-2.0

/// Why a revocation list revokes a key or a certificate.
public enum RevocationReason: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// The key, or the certificate's key, is on the list.
    case key
    /// The hash of the key, or of the certificate's key, is on the list.
    case keyHash
    /// The certificate's key ID is on the list, for its authority or for any.
    case keyID
    /// The certificate's serial is on the list, for its authority or for any.
    case serial
    /// The key of the certificate's authority is on the list.
    case authorityKey
    /// The hash of the key of the certificate's authority is on the list.
    case authorityKeyHash
    /// The list has SHA-1 hashes and nobody said what the key's is: it may be on the list.
    case undecided

    /// The reason as words that follow "revoked: ".
    public var description: String {
        switch self {
        case .key: "key listed"
        case .keyHash: "key hash listed"
        case .keyID: "key ID listed"
        case .serial: "serial listed"
        case .authorityKey: "authority key listed"
        case .authorityKeyHash: "authority key hash listed"
        case .undecided: "the list has SHA-1 hashes, and the key's is not known"
        }
    }
}

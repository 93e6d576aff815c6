// SPDX-License-Identifier: Apache-2.0

/// What a release of OpenSSH makes of something in a revocation list.
public enum RevocationListVerdict: String, Hashable, Sendable, CustomStringConvertible {
    /// It is read like any other content.
    case read = "reads it"
    /// It is passed over, and the rest of the list counts.
    case ignored = "ignores it"
    /// The signature must be good, and its key not revoked; otherwise the list is refused.
    case verified = "verifies it, and refuses the list if it is bad"
    /// It is read by some versions only: by those that know the kind of key.
    case mayRefuse = "refuses the list where it doesn't know the kind of key"
    /// The whole list is refused, and with it every login by public key.
    case refused = "refuses the list, and every public key login"

    /// The verdict as words that follow a release.
    public var description: String { rawValue }
}

// SPDX-License-Identifier: Apache-2.0

/// What a reader takes for a revocation list.
public enum RevocationListRules: Hashable, Sendable {
    /// What may be published: every release of OpenSSH since 7.9 reads it, and so do we, all of it.
    case strict
    /// What any release of OpenSSH since 9.2 reads; what some of them refuse is remarked.
    case openSSH
}

/// The releases of OpenSSH that differ in how they read a revocation list.
public enum OpenSSHRelease: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// 7.9 to 9.3, measured with 9.2.
    case before94 = "7.9 to 9.3"
    /// 9.4 to 10.0: extensions are known, signatures no longer.
    case from94 = "9.4 to 10.0"
    /// 10.1 to 10.5, measured with 10.5: DSA is gone.
    case from101 = "10.1 to 10.5"

    /// The versions, as people write them.
    public var description: String { rawValue }
}

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

// SPDX-License-Identifier: Apache-2.0

/// What a reader takes for a revocation list.
public enum RevocationListRules: Hashable, Sendable {
    /// What may be published: every release of OpenSSH since 7.9 reads it, and so do we, all of it.
    case strict
    /// What any release of OpenSSH since 9.2 reads; what some of them refuse is remarked.
    case openSSH
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats

extension Policy {
    /// Who may log in to which account of a host: for each account the lines of its
    /// `AuthorizedPrincipalsFile`, sshd_config(5), in the order of the principals' bytes.
    ///
    /// sshd takes a certificate's `no-touch-required` only where the line says it as well. A line says
    /// it where a profile lets the principal have it; of a certificate without it, sshd still demands
    /// the touch.
    public var principalsFiles: [String: [String]] {
        var untouched: [String: [String: Bool]] = [:]
        for profile in profiles where profile.kind == .user {
            for account in profile.loginAccounts {
                untouched[account, default: [:]].merge(
                    profile.principals.map { ($0, profile.allowsNoTouch) }
                ) { $0 || $1 }
            }
        }
        return untouched.mapValues { principals in
            principals.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { $0.value ? "no-touch-required \($0.key)" : $0.key }
        }
    }
}

extension Profile {
    /// Whether a certificate of the profile can have `no-touch-required`.
    fileprivate var allowsNoTouch: Bool {
        let flag = CertificateExtension.noTouchRequired
        return extensions.contains(flag) || requiredOptions.extensions.contains(flag)
            || allowedOptions.contains(flag.rawValue)
    }
}

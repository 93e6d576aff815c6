// SPDX-License-Identifier: Apache-2.0

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

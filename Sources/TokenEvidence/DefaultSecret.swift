// SPDX-License-Identifier: Apache-2.0

/// A secret of a device that is still the one from the factory, which everybody knows.
public enum DefaultSecret: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// The PIN.
    case pin = "PIN"
    /// The PUK, which unblocks the PIN.
    case puk = "PUK"
    /// The management key, which makes and imports keys.
    case managementKey = "management key"

    /// The secret's name.
    public var description: String { rawValue }
}

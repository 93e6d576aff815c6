// SPDX-License-Identifier: Apache-2.0

/// When a PIV key wants the PIN, in the numbers of Yubico's PIV extensions.
public enum PINPolicy: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// No PIN is asked for.
    case never = 1
    /// Once, for as long as the card stays powered and selected.
    case once = 2
    /// Before each signature.
    case always = 3
    /// A fingerprint or the PIN, once.
    case matchOnce = 4
    /// A fingerprint or the PIN, before each signature.
    case matchAlways = 5

    /// The policy as commands, ledger and screens write it.
    public var description: String {
        switch self {
        case .never: "never"
        case .once: "once"
        case .always: "always"
        case .matchOnce: "match-once"
        case .matchAlways: "match-always"
        }
    }
}

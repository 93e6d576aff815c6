// SPDX-License-Identifier: Apache-2.0

/// When a PIV key wants to be touched, in the numbers of Yubico's PIV extensions.
public enum TouchPolicy: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// No touch is asked for.
    case never = 1
    /// Before each signature.
    case always = 2
    /// Before a signature, unless the last touch was less than 15 seconds ago.
    case cached = 3

    /// The policy as commands, ledger and screens write it.
    public var description: String {
        switch self {
        case .never: "never"
        case .always: "always"
        case .cached: "cached"
        }
    }
}

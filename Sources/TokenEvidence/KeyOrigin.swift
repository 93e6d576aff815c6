// SPDX-License-Identifier: Apache-2.0

/// Where a private key comes from, in the numbers of Yubico's PIV metadata.
public enum KeyOrigin: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// It was made on the device.
    case generated = 1
    /// It was brought to the device, so a copy may exist.
    case imported = 2

    /// The origin as ledger and screens write it.
    public var description: String {
        switch self {
        case .generated: "generated"
        case .imported: "imported"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The shape of a YubiKey, as its attestation certificates and its device information number it.
public struct FormFactor: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number; its upper bits are flags.
    public let rawValue: UInt8

    /// Takes a number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Whether the device is of a series with a FIPS 140 validation.
    public var isFIPS: Bool { rawValue & 0x80 != 0 }

    /// The shape in words; a number that is not known is said as one.
    public var description: String {
        switch rawValue & 0x3F {
        case 1: "USB-A keychain"
        case 2: "USB-A nano"
        case 3: "USB-C keychain"
        case 4: "USB-C nano"
        case 5: "USB-C and Lightning"
        case 6: "USB-A biometric"
        case 7: "USB-C biometric"
        case let other: "form \(other)"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A place for a key on a PIV card, SP 800-73-4 part 1 table 4b, with Yubico's attestation slot.
public struct PIVSlot: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The key reference.
    public let rawValue: UInt8

    /// Takes a key reference; nil where it is none of 9a, 9c, 9d, 9e, 82 to 95, f9.
    public init?(rawValue: UInt8) {
        switch rawValue {
        case 0x9A, 0x9C, 0x9D, 0x9E, 0x82...0x95, 0xF9: self.rawValue = rawValue
        default: return nil
        }
    }

    /// Reads two hexadecimal digits, in either case.
    public init?(text: String) {
        guard text.utf8.count == 2, let number = UInt8(text, radix: 16) else { return nil }
        self.init(rawValue: number)
    }

    private init(_ number: UInt8) { rawValue = number }

    /// PIV authentication.
    public static let authentication = PIVSlot(0x9A)
    /// Digital signature: the PIN is asked for each time, unless the key's policy says otherwise.
    public static let signature = PIVSlot(0x9C)
    /// Key management.
    public static let keyManagement = PIVSlot(0x9D)
    /// Card authentication: no PIN, unless the key's policy says otherwise.
    public static let cardAuthentication = PIVSlot(0x9E)
    /// The key with which a YubiKey attests the others.
    public static let attestation = PIVSlot(0xF9)
    /// The twenty places for keys that were in use once.
    public static let retired: [PIVSlot] = (0x82...0x95).map { PIVSlot($0) }
    /// The places in which a certificate authority's key can be: all but that of attestation.
    public static let forKeys: [PIVSlot] =
        [authentication, signature, keyManagement, cardAuthentication] + retired

    /// The slot as people write it: `9c`.
    public var description: String { String(rawValue, radix: 16) }
}

// SPDX-License-Identifier: Apache-2.0

public import Token

/// A data object of a PIV card by its tag, SP 800-73-4 part 1 table 3.
public struct PIVObject: Hashable, Sendable, CustomStringConvertible {
    /// The tag: three bytes that begin with 5F, or one.
    public let tag: UInt32

    /// Takes a tag; nil where it is not `7E`, `7F61`, or between `5F0000` and `5FFFFF`.
    public init?(tag: UInt32) {
        guard tag == 0x7E || tag == 0x7F61 || (0x5F0000...0x5FFFFF).contains(tag) else {
            return nil
        }
        self.tag = tag
    }

    private init(_ tag: UInt32) { self.tag = tag }

    /// The card holder's unique identifier, which holds the card's GUID.
    public static let cardHolderUniqueIdentifier = PIVObject(0x5FC102)
    /// What the card can do.
    public static let cardCapabilityContainer = PIVObject(0x5FC107)
    /// Which retired keys the card has.
    public static let keyHistory = PIVObject(0x5FC10C)
    /// Which PIN is which.
    public static let discovery = PIVObject(0x7E)
    /// What is printed on the card; Yubico's tools keep a management key behind the PIN in it.
    public static let printedInformation = PIVObject(0x5FC109)
    /// What Yubico's tools remember about PUK and management key.
    public static let administrativeData = PIVObject(0x5FFF00)

    /// The certificate of a slot.
    public static func certificate(_ slot: PIVSlot) -> PIVObject {
        switch slot {
        case .authentication: PIVObject(0x5FC105)
        case .signature: PIVObject(0x5FC10A)
        case .keyManagement: PIVObject(0x5FC10B)
        case .cardAuthentication: PIVObject(0x5FC101)
        case .attestation: PIVObject(0x5FFF01)
        // Retired keys 82 to 95: 5FC10D to 5FC120.
        default: PIVObject(0x5FC10D + UInt32(slot.rawValue & 0x1F) - 2)
        }
    }

    /// The data field that names the object in GET DATA and PUT DATA: 5C, length, tag.
    var name: [UInt8] {
        var bytes: [UInt8] = []
        for shift in [16, 8, 0] as [UInt32] where tag >> shift != 0 {
            bytes.append(UInt8(truncatingIfNeeded: tag >> shift))
        }
        return TLV.encode(0x5C, bytes)
    }

    /// The tag as people write it: `5fc10a`.
    public var description: String { String(tag, radix: 16) }
}

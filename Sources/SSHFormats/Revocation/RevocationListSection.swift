// SPDX-License-Identifier: Apache-2.0

/// A section or subsection of a revocation list: where it is, and what it is.
public struct RevocationListSection: Hashable, Sendable {
    /// The byte at which its type stands.
    public let offset: Int
    /// Its type, PROTOCOL.krl: below 0x20 or 255 for sections, otherwise for subsections.
    public let type: UInt8
    /// Whether it is within a certificates section.
    public let isNested: Bool
    /// The length of its data, in bytes.
    public let length: Int

    /// What PROTOCOL.krl calls the type.
    public var name: String {
        switch (type, isNested) {
        case (1, false): "certificates"
        case (2, false): "explicit keys"
        case (3, false): "SHA-1 hashes"
        case (4, false): "signature"
        case (5, false): "SHA-256 hashes"
        case (255, false): "extension"
        case (0x20, true): "serial list"
        case (0x21, true): "serial range"
        case (0x22, true): "serial bitmap"
        case (0x23, true): "key IDs"
        case (0x39, true): "certificates extension"
        default: "type \(type)"
        }
    }
}

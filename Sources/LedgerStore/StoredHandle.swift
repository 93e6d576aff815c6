// SPDX-License-Identifier: Apache-2.0
import Documents
public import Ledger
import SSHCrypto

/// A handle as a row of its table has it: enough to look for, and not the whole value.
public struct StoredHandle: Hashable, Sendable {
    /// The number of the name; ``LedgerHandle/Name`` knows it, where the row is sound.
    public let name: Int64
    /// The 64 bits of the value.
    public let value: Int64

    /// The row of a handle.
    public init(_ handle: LedgerHandle) {
        name = handle.name.rawValue
        value = handle.value
    }

    /// The number of what leads to a content and to no entry.
    static let contentName: Int64 = 0

    /// The row that leads to a content.
    init(content digest: SHA256Digest) {
        name = Self.contentName
        value = LedgerHandle.value(of: digest)
    }

    /// Takes the first two columns of a row.
    init(_ row: borrowing Statement) {
        name = row.integer(0)
        value = row.integer(1)
    }
}

extension StoredHandle: CustomStringConvertible {
    /// The name, and the value: as a number, or the 16 hexadecimal digits that it was made of.
    public var description: String {
        let text: String
        if name == Self.contentName {
            text = "content"
        } else {
            guard let known = LedgerHandle.Name(rawValue: name) else { return "\(name) \(value)" }
            if known.isNumber { return "\(known.text) \(value)" }
            text = known.text
        }
        let bits = UInt64(bitPattern: value)
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
        return "\(text) \(Hex.encode(bytes))..."
    }
}

extension StoredHandle: Comparable {
    /// Orders rows as their table does.
    public static func < (left: Self, right: Self) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The grammar of a field's name.
enum FieldName {
    /// Whether `name` is `[a-z][a-z0-9-]*` of at most `Document.maximumNameBytes` bytes.
    static func isValid(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, isLetter(first), name.count <= Document.maximumNameBytes
        else { return false }
        return name.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}

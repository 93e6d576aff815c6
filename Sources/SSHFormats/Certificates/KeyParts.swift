// SPDX-License-Identifier: Apache-2.0

/// The parts of a public key as they were found.
public struct KeyParts: Hashable, Sendable {
    /// The type name, of a plain key or of a certificate.
    public let typeName: ArraySlice<UInt8>
    /// The fields that the type has; nil where the type name is not known.
    public let layout: KeyLayout?
    /// The fields that were found, in the order of the layout.
    public internal(set) var values: [ArraySlice<UInt8>] = []
    /// All bytes of the fields, with their lengths.
    public internal(set) var bytes: ArraySlice<UInt8> = []
    /// What follows the fields in a key that stands alone.
    public internal(set) var leftOver: ArraySlice<UInt8> = []

    /// The field of this name.
    public func value(_ name: String) -> ArraySlice<UInt8>? {
        guard let layout else { return nil }
        for (part, value) in zip(layout.parts, values) where part.name == name { return value }
        return nil
    }

    /// The wire encoding of the plain key; nil where its type is not known or a field is missing.
    public var plainBlob: [UInt8]? {
        guard let layout, values.count == layout.parts.count else { return nil }
        var writer = WireWriter()
        writer.string(layout.name)
        writer.raw(bytes)
        return writer.bytes
    }
}

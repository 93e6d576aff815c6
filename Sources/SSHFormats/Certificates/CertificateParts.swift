// SPDX-License-Identifier: Apache-2.0

/// The parts of a certificate as they were found; nil or empty where reading did not get so far.
///
/// A slice's indices are places in the blob.
public struct CertificateParts: Hashable, Sendable {
    /// A number, and where it is.
    public struct Number: Hashable, Sendable {
        /// The number.
        public let value: UInt64
        /// Its first byte.
        public let offset: Int
    }

    /// The name and the data of an option or an extension.
    public struct Pair: Hashable, Sendable {
        /// The name.
        public let name: ArraySlice<UInt8>
        /// All of the data.
        public let data: ArraySlice<UInt8>
        /// What is in the data where it is exactly one string, as for a text; nil where it is not.
        public let text: ArraySlice<UInt8>?
    }

    /// The name of the certificate's type.
    public internal(set) var typeName: ArraySlice<UInt8>?
    /// What readers of today take the type name for; nil where it is not known.
    public internal(set) var standing: KeyLayout.Standing?
    /// The nonce.
    public internal(set) var nonce: ArraySlice<UInt8>?
    /// The certified key.
    public internal(set) var key: KeyParts?
    /// The serial.
    public internal(set) var serial: Number?
    /// The type: 1 for a user, 2 for a host.
    public internal(set) var kind: Number?
    /// The key ID.
    public internal(set) var keyID: ArraySlice<UInt8>?
    /// Where the list of principals begins.
    public internal(set) var principalsOffset: Int?
    /// The principals, in the order found.
    public internal(set) var principals: [ArraySlice<UInt8>] = []
    /// The first second of validity.
    public internal(set) var validAfter: Number?
    /// The first second after validity.
    public internal(set) var validBefore: Number?
    /// Where the critical options begin.
    public internal(set) var criticalOptionsOffset: Int?
    /// The critical options, in the order found.
    public internal(set) var criticalOptions: [Pair] = []
    /// Where the extensions begin.
    public internal(set) var extensionsOffset: Int?
    /// The extensions, in the order found.
    public internal(set) var extensions: [Pair] = []
    /// The field that is to be empty.
    public internal(set) var reserved: ArraySlice<UInt8>?
    /// The bytes of the signature key.
    public internal(set) var signatureKeyBytes: ArraySlice<UInt8>?
    /// The signature key's fields.
    public internal(set) var signatureKey: KeyParts?
    /// Whether the signature key is a certificate itself.
    public internal(set) var isSignedByCertificate = false
    /// The bytes that the signature covers, where they are whole.
    public internal(set) var toBeSigned: ArraySlice<UInt8>?
    /// The bytes of the signature.
    public internal(set) var signatureBytes: ArraySlice<UInt8>?
    /// The signature's fields.
    public internal(set) var signature: SignatureParts?
    /// What follows the signature.
    public internal(set) var trailing: ArraySlice<UInt8>?
}

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

/// The parts of a signature as they were found.
public struct SignatureParts: Hashable, Sendable {
    /// The algorithm's name.
    public internal(set) var algorithm: ArraySlice<UInt8>?
    /// The string that follows the name.
    public internal(set) var value: ArraySlice<UInt8>?
    /// The first number of an ECDSA signature.
    public internal(set) var r: ArraySlice<UInt8>?
    /// The second number of an ECDSA signature.
    public internal(set) var s: ArraySlice<UInt8>?
    /// What follows both numbers.
    public internal(set) var valueLeftOver: ArraySlice<UInt8> = []
    /// The flags of a FIDO token.
    public internal(set) var flags: UInt8?
    /// What follows all fields.
    public internal(set) var leftOver: ArraySlice<UInt8> = []
}

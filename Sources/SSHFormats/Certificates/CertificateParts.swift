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

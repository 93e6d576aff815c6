// SPDX-License-Identifier: Apache-2.0

extension SSHSIG {
    /// Who is said to have signed: a key by itself, or a key that an authority vouches for.
    public enum Signer: Hashable, Sendable {
        /// A plain public key.
        case key(PublicKey)
        /// A certificate; its key made the signature.
        case certificate(Certificate)

        /// Reads a signer from its wire encoding.
        ///
        /// - Throws: ``FormatError`` where the bytes are neither exactly one key nor exactly one
        ///   certificate.
        public init(blob: [UInt8]) throws(FormatError) {
            try self.init(bytes: blob[...])
        }

        /// Reads a signer that is a part of a larger input.
        ///
        /// Offsets in errors are those of the whole for a key, and those of the certificate for a
        /// certificate.
        init(bytes: ArraySlice<UInt8>) throws(FormatError) {
            var reader = WireReader(bytes)
            let name = try reader.textBytes("public key type", limit: PublicKey.maximumNameLength)
            if KeyKind(certificateName: name) != nil {
                self = .certificate(try Certificate(blob: Array(bytes)))
            } else {
                self = .key(try PublicKey(bytes: bytes))
            }
        }

        /// The key that signs: the plain key, or the one that the certificate is for.
        public var publicKey: PublicKey {
            switch self {
            case .key(let key): key
            case .certificate(let certificate): certificate.fields.publicKey
            }
        }

        /// The certificate; nil where the signer is a plain key.
        public var certificate: Certificate? {
            switch self {
            case .key: nil
            case .certificate(let certificate): certificate
            }
        }

        /// The signer's wire encoding.
        public var blob: [UInt8] {
            switch self {
            case .key(let key): key.blob
            case .certificate(let certificate): certificate.blob
            }
        }

        /// The type name that the wire encoding begins with.
        public var typeName: String {
            switch self {
            case .key(let key): key.kind.rawValue
            case .certificate(let certificate):
                certificate.fields.publicKey.kind.certificateTypeName
            }
        }

        /// The line of a public key or certificate file, without a comment.
        public var line: String { "\(typeName) \(Base64.encode(blob))" }
    }
}

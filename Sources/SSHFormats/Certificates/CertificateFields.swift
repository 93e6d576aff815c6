// SPDX-License-Identifier: Apache-2.0

/// All that a certificate's signature covers, as values; draft-ietf-sshm-cert section 2.1.
///
/// Fields may hold anything; what is allowed is decided where they become bytes.
public struct CertificateFields: Hashable, Sendable {
    /// Random bytes that keep the signed bytes unforeseeable: 16 or more.
    public var nonce: [UInt8]
    /// The key that is certified.
    public var publicKey: PublicKey
    /// The number by which the certificate can be revoked; zero where it has none.
    public var serial: UInt64
    /// Whether the certificate is a user's or a host's.
    public var kind: CertificateKind
    /// The text that login servers write to their logs: 1 to 256 printable ASCII characters.
    public var keyID: String
    /// The accounts or host names: 1 to 256, none twice, none empty, printable ASCII but no comma.
    public var validPrincipals: [String]
    /// The first second of validity, since 1970; zero for always, and below 2^63.
    public var validAfter: UInt64
    /// The first second after validity; below 2^63, or 2^64-1 for ever.
    public var validBefore: UInt64
    /// The critical options, in any order; none twice, none for a host.
    public var criticalOptions: [CriticalOption]
    /// The extensions, in any order; none twice, none for a host.
    public var extensions: [CertificateExtension]
    /// The public key of the certification authority: RSA, ECDSA or Ed25519.
    public var signatureKey: PublicKey

    /// Makes fields of these values.
    public init(
        nonce: [UInt8], publicKey: PublicKey, serial: UInt64, kind: CertificateKind,
        keyID: String, validPrincipals: [String], validAfter: UInt64, validBefore: UInt64,
        criticalOptions: [CriticalOption], extensions: [CertificateExtension],
        signatureKey: PublicKey
    ) {
        self.nonce = nonce
        self.publicKey = publicKey
        self.serial = serial
        self.kind = kind
        self.keyID = keyID
        self.validPrincipals = validPrincipals
        self.validAfter = validAfter
        self.validBefore = validBefore
        self.criticalOptions = criticalOptions
        self.extensions = extensions
        self.signatureKey = signatureKey
    }

    /// The bytes that the authority signs, in the form that the strictest reader takes.
    ///
    /// The bytes are read back by the parser that takes finished certificates, so nothing leaves
    /// here that it would refuse. Options and extensions come out in the order of their names.
    ///
    /// - Throws: ``FormatError`` for the first field that is not allowed; the offset is the place in
    ///   the bytes that the fields would have formed.
    public func toBeSigned() throws(FormatError) -> [UInt8] {
        var writer = WireWriter()
        write(to: &writer)
        guard writer.bytes.count <= Certificate.maximumToBeSignedLength else {
            throw FormatError(
                "certificate", at: 0,
                .tooLong(
                    length: writer.bytes.count, limit: Certificate.maximumToBeSignedLength))
        }
        var reader = WireReader(writer.bytes)
        let readBack = try CertificateFields(from: &reader)
        try reader.finish("certificate")
        guard readBack == sorted else {
            throw FormatError(
                "certificate", at: 0, .invalid("the fields do not read back as they were given"))
        }
        return writer.bytes
    }

    /// The same fields, with options and extensions in the order in which they are written.
    private var sorted: Self {
        var fields = self
        fields.criticalOptions.sort { Self.precedes($0.name, $1.name) }
        fields.extensions.sort { Self.precedes($0.rawValue, $1.rawValue) }
        return fields
    }

    /// Whether a name sorts before another, byte by byte.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private func write(to writer: inout WireWriter) {
        writer.string(publicKey.kind.certificateTypeName)
        writer.string(nonce)
        publicKey.material.write(to: &writer)
        writer.uint64(serial)
        writer.uint32(kind.rawValue)
        writer.string(keyID)
        writer.string(Self.joined { for name in validPrincipals { $0.string(name) } })
        writer.uint64(validAfter)
        writer.uint64(validBefore)
        let sorted = sorted
        writer.string(
            Self.joined {
                for option in sorted.criticalOptions {
                    $0.string(option.name)
                    $0.string(option.data)
                }
            })
        writer.string(
            Self.joined {
                for flag in sorted.extensions {
                    $0.string(flag.rawValue)
                    $0.string([])
                }
            })
        writer.string([])
        writer.string(signatureKey.blob)
    }

    private static func joined(_ body: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        body(&writer)
        return writer.bytes
    }
}

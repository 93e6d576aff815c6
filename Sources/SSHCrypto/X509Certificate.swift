// SPDX-License-Identifier: Apache-2.0

/// An X.509 certificate, RFC 5280, as far as attestation needs it; nothing of it is verified yet.
///
/// Its dates are kept as text: attestation certificates carry copied ones, which say nothing.
public struct X509Certificate: Hashable, Sendable {
    /// An extension, with its value as it stands in the certificate.
    public struct Extension: Hashable, Sendable {
        /// Its name, as numbers with dots between them.
        public let identifier: String
        /// Whether who does not know it must refuse the certificate.
        public let isCritical: Bool
        /// The bytes within the `OCTET STRING`.
        public let value: [UInt8]
    }

    /// The longest certificate that is read, in bytes.
    public static let maximumLength = 16_384
    /// The most extensions of one certificate.
    public static let maximumExtensions = 64

    /// The certificate's DER.
    public let bytes: [UInt8]
    /// The part that is signed.
    public let toBeSigned: [UInt8]
    /// The serial number's bytes, which some devices do not write in shortest form.
    public let serialNumber: [UInt8]
    /// Who signed.
    public let issuer: DistinguishedName
    /// Who is named.
    public let subject: DistinguishedName
    /// The key of the subject.
    public let subjectPublicKeyInfo: SubjectPublicKeyInfo
    /// The extensions, each name once.
    public let extensions: [Extension]
    /// The name of the signature's algorithm.
    let signatureAlgorithm: String
    /// The signature.
    let signature: [UInt8]

    /// Reads a certificate in DER, with nothing behind it.
    ///
    /// - Throws: ``SSHCryptoError`` where the bytes are anything else, or longer than
    ///   ``maximumLength``.
    public init(der bytes: [UInt8]) throws(SSHCryptoError) {
        guard bytes.count <= Self.maximumLength else {
            throw DERReader.refusal(
                "the certificate has \(bytes.count) bytes, more than \(Self.maximumLength)")
        }
        var outside = DERReader(bytes)
        let whole = try outside.element(DERReader.Tag.sequence, "the certificate")
        try outside.finish("the certificate")
        var parts = DERReader(whole.contents)
        let signed = try parts.element(DERReader.Tag.sequence, "the signed part")
        let algorithm = try parts.element(DERReader.Tag.sequence, "the signature's algorithm")
        signature = try parts.wholeBits("the signature")
        try parts.finish("the signature")
        signatureAlgorithm = try Self.algorithm(algorithm)
        self.bytes = bytes
        toBeSigned = Array(signed.encoding)

        var fields = DERReader(signed.contents)
        if let version = try fields.optional(0xA0, "the version") {
            var reader = DERReader(version.contents)
            let number = try reader.positiveInteger("the version")
            try reader.finish("the version")
            guard number == [1] || number == [2] else {
                throw DERReader.refusal("the version is not 2 or 3")
            }
        }
        let serial = try fields.element(DERReader.Tag.integer, "the serial number").contents
        guard (1...64).contains(serial.count) else {
            throw DERReader.refusal("the serial number has \(serial.count) bytes, of 1 to 64")
        }
        serialNumber = Array(serial)
        let inner = try fields.element(DERReader.Tag.sequence, "the inner algorithm")
        guard inner.encoding.elementsEqual(algorithm.encoding) else {
            throw DERReader.refusal("the two names of the signature's algorithm differ")
        }
        issuer = try DistinguishedName(
            try fields.element(DERReader.Tag.sequence, "the issuer"), "the issuer")
        try Self.checkDates(try fields.element(DERReader.Tag.sequence, "the validity"))
        subject = try DistinguishedName(
            try fields.element(DERReader.Tag.sequence, "the subject"), "the subject")
        subjectPublicKeyInfo = try SubjectPublicKeyInfo(
            try fields.element(DERReader.Tag.sequence, "the public key"))
        _ = try fields.optional(0x81, "the issuer's unique ID")
        _ = try fields.optional(0x82, "the subject's unique ID")
        let list = try fields.optional(0xA3, "the extensions")
        extensions = try list.map(Self.extensions) ?? []
        try fields.finish("the signed part")
    }

    /// The SHA-256 of the DER, as `openssl x509 -fingerprint -sha256` shows it.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// The value of the extension of this name, such as `1.3.6.1.4.1.41482.3.3`; nil without one.
    public func value(ofExtension identifier: String) -> [UInt8]? {
        extensions.first { $0.identifier == identifier }?.value
    }

    private static func algorithm(
        _ element: DERReader.Element
    ) throws(SSHCryptoError) -> String {
        let what = "the signature's algorithm"
        var reader = DERReader(element.contents)
        let name = try ObjectIdentifier.text(
            try reader.element(DERReader.Tag.objectIdentifier, what).contents, what)
        // Parameters, where they stand, are judged with the algorithm: those known here have none.
        if !reader.isAtEnd { _ = try reader.element("the parameters of \(what)") }
        try reader.finish(what)
        return name
    }

    private static func checkDates(_ element: DERReader.Element) throws(SSHCryptoError) {
        var dates = DERReader(element.contents)
        for what in ["the start of validity", "the end of validity"] {
            let date = try dates.element(what)
            guard date.tag == 0x17 || date.tag == 0x18, (1...32).contains(date.contents.count)
            else { throw DERReader.refusal("\(what) is not a time") }
        }
        try dates.finish("the validity")
    }

    private static func extensions(
        _ element: DERReader.Element
    ) throws(SSHCryptoError) -> [Extension] {
        var outside = DERReader(element.contents)
        var list = DERReader(
            try outside.element(DERReader.Tag.sequence, "the extensions").contents)
        try outside.finish("the extensions")
        var found: [Extension] = []
        while !list.isAtEnd {
            guard found.count < maximumExtensions else {
                throw DERReader.refusal(
                    "the certificate has more than \(maximumExtensions) extensions")
            }
            let next = try readExtension(&list)
            guard !found.contains(where: { $0.identifier == next.identifier }) else {
                throw DERReader.refusal("extension \(next.identifier) stands there twice")
            }
            found.append(next)
        }
        return found
    }

    private static func readExtension(
        _ list: inout DERReader
    ) throws(SSHCryptoError) -> Extension {
        var reader = DERReader(
            try list.element(DERReader.Tag.sequence, "an extension").contents)
        let name = try ObjectIdentifier.text(
            try reader.element(DERReader.Tag.objectIdentifier, "an extension's name").contents,
            "an extension's name")
        var isCritical = false
        if let flag = try reader.optional(DERReader.Tag.boolean, "extension \(name)") {
            guard flag.contents.elementsEqual([0]) || flag.contents.elementsEqual([0xFF]) else {
                throw DERReader.refusal("extension \(name) is neither critical nor not")
            }
            isCritical = flag.contents.first == 0xFF
        }
        let value = try reader.element(DERReader.Tag.octetString, "extension \(name)").contents
        try reader.finish("extension \(name)")
        return Extension(identifier: name, isCritical: isCritical, value: Array(value))
    }
}

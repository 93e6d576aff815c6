// SPDX-License-Identifier: Apache-2.0

/// A public key as SSH writes it; equal keys have equal bytes.
public struct PublicKey: Hashable, Sendable {
    /// What a key is made of, by family.
    public enum Material: Hashable, Sendable {
        /// Exponent and modulus, as big-endian magnitudes without leading zeros.
        case rsa(exponent: [UInt8], modulus: [UInt8])
        /// An uncompressed point: 04, x, y.
        case ecdsa(EllipticCurve, point: [UInt8])
        /// The 32 bytes of the key.
        case ed25519([UInt8])
        /// An uncompressed P-256 point, and the application that the FIDO token bound it to.
        case skECDSA(point: [UInt8], application: String)
        /// The 32 bytes of the key, and the application that the FIDO token bound it to.
        case skEd25519([UInt8], application: String)
        /// The 1,312 bytes of the ML-DSA-44 key, and the 32 bytes of the Ed25519 key.
        case mldsa44Ed25519(mldsa44: [UInt8], ed25519: [UInt8])
    }

    /// The key's wire encoding: type name, then the fields of its kind.
    public let blob: [UInt8]
    /// The key's kind.
    public let kind: KeyKind
    /// The key's numbers.
    public let material: Material

    /// Reads a key from its wire encoding.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one key of a known kind.
    public init(blob: [UInt8]) throws(FormatError) {
        try self.init(bytes: blob[...])
    }

    /// Reads a key that is a part of a larger input; offsets in errors are those of the whole.
    init(bytes: ArraySlice<UInt8>) throws(FormatError) {
        var reader = WireReader(bytes)
        let nameBytes = try reader.textBytes("public key type", limit: Self.maximumNameLength)
        guard let kind = KeyKind(name: nameBytes) else {
            let name = String(decoding: nameBytes, as: UTF8.self)
            throw FormatError(
                "public key type", at: bytes.startIndex + 4,
                KeyKind(certificateTypeName: name) == nil
                    ? .unknown(name) : .invalid("\(name) is a certificate, not a plain key"))
        }
        blob = Array(bytes)
        self.kind = kind
        material = try Material(kind, from: &reader)
        try reader.finish("public key")
    }

    /// Reads the fields of a key whose type name stands elsewhere, as in a certificate.
    init(_ kind: KeyKind, from reader: inout WireReader) throws(FormatError) {
        let start = reader.offset
        material = try Material(kind, from: &reader)
        self.kind = kind
        // A field is read in its one form only: its bytes are those of the plain key.
        var writer = WireWriter()
        writer.string(kind.rawValue)
        writer.raw(reader.consumed(from: start))
        blob = writer.bytes
    }

    /// Makes the key of these numbers.
    ///
    /// - Throws: ``FormatError`` where they do not form a key.
    public init(_ material: Material) throws(FormatError) {
        var writer = WireWriter()
        writer.string(material.kind.rawValue)
        material.write(to: &writer)
        try self.init(blob: writer.bytes)
    }

    /// Reads a line of a public key file: type name, Base64, and an optional comment.
    ///
    /// - Throws: ``FormatError`` where the line is anything else; offsets are those of the blob.
    public init(line: String) throws(FormatError) {
        self = try Self.read(line: line).key
    }

    /// Reads a line as ``init(line:)`` does, and says whether a comment stands in it; one without is
    /// the key's ``line``.
    ///
    /// - Throws: ``FormatError`` where the line is anything else; offsets are those of the blob.
    public static func read(
        line: String
    ) throws(FormatError) -> (key: PublicKey, hasComment: Bool) {
        let parts = try KeyLine("public key line", line)
        let key = try PublicKey(blob: parts.blob)
        try parts.requireTypeName(key.kind.rawValue)
        return (key, parts.hasComment)
    }

    /// The line of a public key file, without a comment: type name and Base64.
    public var line: String { "\(kind.rawValue) \(Base64.encode(blob))" }

    /// The size in bits that people name the key by: the modulus of RSA, else the field.
    public var bitSize: Int {
        switch material {
        case .rsa(_, let modulus): modulus.bitLength
        case .ecdsa(.p521, _): 521
        case .ecdsa(let curve, _): curve.coordinateLength * 8
        case .ed25519, .skECDSA, .skEd25519, .mldsa44Ed25519: 256
        }
    }

    /// The longest type name that is read, in bytes.
    static let maximumNameLength = 128
    /// The longest number of an RSA key, in bytes: 16,384 bits, as in OpenSSH.
    static let maximumModulusLength = 2048

    /// Two keys are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool { left.blob == right.blob }

    /// Hashes the key's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(allOf: blob) }
}

extension PublicKey.Material {
    /// The kind of key that these numbers form.
    public var kind: KeyKind {
        switch self {
        case .rsa: .rsa
        case .ecdsa(.p256, _): .ecdsaP256
        case .ecdsa(.p384, _): .ecdsaP384
        case .ecdsa(.p521, _): .ecdsaP521
        case .ed25519: .ed25519
        case .skECDSA: .skECDSA
        case .skEd25519: .skEd25519
        case .mldsa44Ed25519: .mldsa44Ed25519
        }
    }

    /// Reads the key fields that follow a type name: in a plain key, and in a certificate.
    init(_ kind: KeyKind, from reader: inout WireReader) throws(FormatError) {
        switch kind {
        case .rsa:
            let exponent = try Self.integer("e", from: &reader)
            self = .rsa(exponent: exponent, modulus: try Self.integer("n", from: &reader))
        case .ecdsaP256: self = .ecdsa(.p256, point: try Self.point(.p256, from: &reader))
        case .ecdsaP384: self = .ecdsa(.p384, point: try Self.point(.p384, from: &reader))
        case .ecdsaP521: self = .ecdsa(.p521, point: try Self.point(.p521, from: &reader))
        case .ed25519: self = .ed25519(try Self.ed25519(from: &reader))
        case .skECDSA:
            let point = try Self.point(.p256, from: &reader)
            self = .skECDSA(point: point, application: try Self.application(from: &reader))
        case .skEd25519:
            let key = try Self.ed25519(from: &reader)
            self = .skEd25519(key, application: try Self.application(from: &reader))
        case .mldsa44Ed25519:
            let bytes = try reader.string("pk", length: Self.mldsa44Length + 32)
            self = .mldsa44Ed25519(
                mldsa44: Array(bytes.prefix(Self.mldsa44Length)), ed25519: Array(bytes.suffix(32)))
        }
    }

    /// Writes the key fields that follow a type name.
    func write(to writer: inout WireWriter) {
        switch self {
        case .rsa(let exponent, let modulus):
            writer.positiveInteger(exponent)
            writer.positiveInteger(modulus)
        case .ecdsa(let curve, let point):
            writer.string(curve.rawValue)
            writer.string(point)
        case .ed25519(let key): writer.string(key)
        case .skECDSA(let point, let application):
            writer.string(EllipticCurve.p256.rawValue)
            writer.string(point)
            writer.string(application)
        case .skEd25519(let key, let application):
            writer.string(key)
            writer.string(application)
        case .mldsa44Ed25519(let mldsa44, let ed25519): writer.string(mldsa44 + ed25519)
        }
    }

    private static func integer(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let start = reader.offset
        let limit = PublicKey.maximumModulusLength
        let number = try reader.positiveInteger(field, limit: limit + 1)
        guard number.count <= limit else {
            throw FormatError(field, at: start, .tooLong(length: number.count, limit: limit))
        }
        return Array(number)
    }

    private static func point(
        _ curve: EllipticCurve, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let start = reader.offset
        let name = try reader.textBytes("curve", limit: PublicKey.maximumNameLength)
        guard name.spells(curve.rawValue) else {
            let found = PrintableText.quoted(String(decoding: name, as: UTF8.self))
            throw FormatError("curve", at: start, .invalid("\(found) is not \(curve.rawValue)"))
        }
        let point = try reader.string("Q", limit: 2 * curve.coordinateLength + 1)
        guard point.count == 2 * curve.coordinateLength + 1, point.first == 4 else {
            throw FormatError(
                "Q", at: point.startIndex, .invalid("point is not in uncompressed form"))
        }
        return Array(point)
    }

    private static func ed25519(from reader: inout WireReader) throws(FormatError) -> [UInt8] {
        Array(try reader.string("pk", length: 32))
    }

    private static func application(from reader: inout WireReader) throws(FormatError) -> String {
        let start = reader.offset + 4
        let text = try reader.text("application", limit: maximumApplicationLength)
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw FormatError("application", at: start, .invalid("it has a control character"))
        }
        return text
    }

    /// The length of an ML-DSA-44 public key, in bytes: FIPS 204 table 2.
    private static let mldsa44Length = 1312
    /// The longest application string of a FIDO key, in bytes.
    static let maximumApplicationLength = 1024
}

extension Collection<UInt8> {
    /// The number of significant bits of a big-endian magnitude.
    var bitLength: Int {
        let digits = drop { $0 == 0 }
        guard let first = digits.first else { return 0 }
        return digits.count * 8 - first.leadingZeroBitCount
    }
}

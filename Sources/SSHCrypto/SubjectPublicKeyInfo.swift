// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// A public key as X.509 writes it, RFC 5280 section 4.1.2.7; what trust in a root is pinned to.
public struct SubjectPublicKeyInfo: Hashable, Sendable {
    /// The DER.
    public let bytes: [UInt8]
    private let algorithm: String
    private let curve: String?
    private let key: [UInt8]

    /// Reads a `SubjectPublicKeyInfo` of whatever algorithm.
    ///
    /// - Throws: ``SSHCryptoError`` where the bytes are not exactly one.
    public init(der bytes: some Sequence<UInt8>) throws(SSHCryptoError) {
        var whole = DERReader(bytes)
        let element = try whole.element(DERReader.Tag.sequence, "the public key")
        try whole.finish("the public key")
        try self.init(element)
    }

    /// Reads the one that is a part of a certificate.
    init(_ element: DERReader.Element) throws(SSHCryptoError) {
        bytes = Array(element.encoding)
        var parts = DERReader(element.contents)
        let what = "the public key's algorithm"
        var identifier = DERReader(try parts.element(DERReader.Tag.sequence, what).contents)
        algorithm = try ObjectIdentifier.text(
            try identifier.element(DERReader.Tag.objectIdentifier, what).contents, what)
        if algorithm == Self.ellipticCurve {
            let what = "the public key's curve"
            curve = try ObjectIdentifier.text(
                try identifier.element(DERReader.Tag.objectIdentifier, what).contents, what)
        } else {
            curve = nil
            if let null = try identifier.optional(DERReader.Tag.null, what) {
                guard null.contents.isEmpty else { throw DERReader.refusal("NULL is not empty") }
            }
        }
        try identifier.finish(what)
        key = try parts.wholeBits("the public key's bits")
        try parts.finish("the public key's bits")
    }

    /// Writes an SSH key as X.509 does; nil for kinds that are not plain RSA, ECDSA or Ed25519.
    public init?(_ publicKey: PublicKey) {
        switch publicKey.material {
        case .rsa(let exponent, let modulus):
            algorithm = Self.rsa
            curve = nil
            key = DER.sequence(of: [modulus, exponent])
            bytes = Self.encoded([0x06, 9] + Self.rsaBytes + [0x05, 0], key)
        case .ecdsa(let curve, let point):
            guard let named = Self.curves.first(where: { $0.curve == curve }) else { return nil }
            algorithm = Self.ellipticCurve
            self.curve = named.name
            key = point
            bytes = Self.encoded(
                [0x06, 7] + Self.curveBytes + DER.element(0x06, named.bytes), point)
        case .ed25519(let key):
            algorithm = Self.ed25519
            curve = nil
            self.key = key
            bytes = Self.encoded([0x06, 3, 0x2B, 0x65, 0x70], key)
        case .skECDSA, .skEd25519, .mldsa44Ed25519: return nil
        }
    }

    /// The SHA-256 of the DER: what a root is pinned by.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// The key as SSH knows it.
    ///
    /// - Throws: ``SSHCryptoError`` where it is not RSA, ECDSA over P-256, P-384 or P-521, or
    ///   Ed25519, or its numbers form no key.
    public func publicKey() throws(SSHCryptoError) -> PublicKey {
        let material = try material()
        do throws(FormatError) {
            return try PublicKey(material)
        } catch {
            throw DERReader.refusal("the public key is not one of SSH: \(error)")
        }
    }

    private func material() throws(SSHCryptoError) -> PublicKey.Material {
        switch algorithm {
        case Self.rsa:
            var whole = DERReader(key)
            let pair = try whole.element(DERReader.Tag.sequence, "the RSA key")
            try whole.finish("the RSA key")
            var numbers = DERReader(pair.contents)
            let modulus = try numbers.positiveInteger("the modulus")
            let exponent = try numbers.positiveInteger("the exponent")
            try numbers.finish("the exponent")
            return .rsa(exponent: exponent, modulus: modulus)
        case Self.ellipticCurve:
            guard let named = Self.curves.first(where: { $0.name == curve }) else {
                throw DERReader.refusal("the public key's curve \(curve ?? "") is not known")
            }
            return .ecdsa(named.curve, point: key)
        case Self.ed25519: return .ed25519(key)
        default:
            throw DERReader.refusal("the public key's algorithm \(algorithm) is not known")
        }
    }

    private static let rsa = "1.2.840.113549.1.1.1"
    private static let ellipticCurve = "1.2.840.10045.2.1"
    private static let ed25519 = "1.3.101.112"
    private static let rsaBytes: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
    private static let curveBytes: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
    private static let curves: [(curve: EllipticCurve, name: String, bytes: [UInt8])] = [
        (.p256, "1.2.840.10045.3.1.7", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]),
        (.p384, "1.3.132.0.34", [0x2B, 0x81, 0x04, 0, 0x22]),
        (.p521, "1.3.132.0.35", [0x2B, 0x81, 0x04, 0, 0x23]),
    ]

    private static func encoded(_ algorithm: [UInt8], _ key: [UInt8]) -> [UInt8] {
        DER.element(0x30, DER.element(0x30, algorithm) + DER.element(0x03, [0] + key))
    }
}

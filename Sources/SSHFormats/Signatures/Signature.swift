// SPDX-License-Identifier: Apache-2.0

/// A signature as SSH writes it: algorithm name, value, and what a FIDO token adds.
///
/// RFC 8332 section 3 (RSA), RFC 5656 section 3.1.2 (ECDSA), RFC 8709 section 6 (Ed25519), OpenSSH
/// PROTOCOL.u2f (FIDO and WebAuthn). Each is read in its one shortest form.
public struct Signature: Hashable, Sendable {
    /// The number or numbers of a signature, by family.
    public enum Value: Hashable, Sendable {
        /// The signature as long as the modulus, leading zeros included.
        case rsa([UInt8])
        /// The two numbers, as big-endian magnitudes without leading zeros.
        case ecdsa(r: [UInt8], s: [UInt8])
        /// The 64 bytes of the signature.
        case ed25519([UInt8])
        /// The 2,420 bytes of the ML-DSA-44 signature, and the 64 of the Ed25519 signature.
        case mldsa44Ed25519(mldsa44: [UInt8], ed25519: [UInt8])
    }

    /// The signature's wire encoding.
    public let blob: [UInt8]
    /// The algorithm that the signature names.
    public let algorithm: Algorithm
    /// The signature's numbers.
    public let value: Value
    /// What a FIDO token says about the touch; nil for every other key.
    public let securityKey: SecurityKeyAssertion?

    /// Reads a signature from its wire encoding.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one signature of a known algorithm.
    public init(blob: [UInt8]) throws(FormatError) {
        try self.init(bytes: blob[...])
    }

    /// Reads a signature that is a part of a larger input; offsets in errors are those of the whole.
    init(bytes: ArraySlice<UInt8>) throws(FormatError) {
        var reader = WireReader(bytes)
        let nameBytes = try reader.textBytes(
            "signature algorithm", limit: PublicKey.maximumNameLength)
        guard let algorithm = Algorithm(name: nameBytes) else {
            let name = String(decoding: nameBytes, as: UTF8.self)
            throw FormatError(
                "signature algorithm", at: bytes.startIndex + 4,
                name == KeyKind.rsa.rawValue
                    ? .invalid("ssh-rsa signs with SHA-1, which is broken") : .unknown(name))
        }
        blob = Array(bytes)
        self.algorithm = algorithm
        value = try Value(algorithm, from: &reader)
        securityKey =
            algorithm.keyKind.isSecurityKey
            ? try SecurityKeyAssertion(algorithm, from: &reader) : nil
        try reader.finish("signature")
    }

    /// Makes the signature of these numbers.
    ///
    /// - Throws: ``FormatError`` where they do not form a signature of the algorithm.
    public init(
        algorithm: Algorithm, value: Value, securityKey: SecurityKeyAssertion? = nil
    ) throws(FormatError) {
        guard value.family == algorithm.keyKind.family else {
            throw FormatError(
                "signature", at: 0, .invalid("value is not one of \(algorithm.rawValue)"))
        }
        guard (securityKey != nil) == algorithm.keyKind.isSecurityKey else {
            throw FormatError(
                "signature", at: 0,
                .invalid(
                    "\(algorithm.rawValue) \(securityKey == nil ? "needs" : "has no") flags and counter"
                ))
        }
        guard (securityKey?.webAuthn != nil) == (algorithm == .webAuthnECDSA) else {
            throw FormatError(
                "signature", at: 0,
                .invalid(
                    "\(algorithm.rawValue) \(securityKey?.webAuthn == nil ? "needs" : "has no") client data"
                ))
        }
        var writer = WireWriter()
        writer.string(algorithm.rawValue)
        value.write(to: &writer)
        securityKey?.write(to: &writer)
        try self.init(blob: writer.bytes)
    }

    /// Checks that a key of these numbers can have made the signature, without any cryptography:
    /// the algorithm is one of the key's kind, and an RSA signature is as long as the modulus.
    ///
    /// - Throws: ``FormatError`` with the offset zero where it cannot.
    public func requireFit(_ key: PublicKey) throws(FormatError) {
        try requireFit(key, at: 0)
    }

    /// Checks the fit for a signature that starts at `offset` of a larger input.
    func requireFit(_ key: PublicKey, at offset: Int) throws(FormatError) {
        guard algorithm.keyKind == key.kind else {
            throw FormatError(
                "signature algorithm", at: offset,
                .invalid("\(algorithm.rawValue) is not an algorithm of a \(key.kind.rawValue) key")
            )
        }
        guard case .rsa(_, let modulus) = key.material, case .rsa(let number) = value,
            number.count != modulus.count
        else { return }
        throw FormatError(
            "signature", at: offset,
            .invalid("\(number.count) bytes are not the \(modulus.count) of the modulus"))
    }

    /// Two signatures are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool { left.blob == right.blob }

    /// Hashes the signature's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(allOf: blob) }
}

extension Signature.Value {
    /// The family of keys that make such a value.
    fileprivate var family: KeyKind.Family {
        switch self {
        case .rsa: .rsa
        case .ecdsa: .ecdsa
        case .ed25519: .ed25519
        case .mldsa44Ed25519: .mldsa44Ed25519
        }
    }

    /// Reads the string that follows the algorithm name.
    fileprivate init(
        _ algorithm: Signature.Algorithm, from reader: inout WireReader
    ) throws(FormatError) {
        switch algorithm.keyKind.family {
        case .rsa:
            let number = try reader.string("signature", limit: PublicKey.maximumModulusLength)
            guard !number.isEmpty else {
                throw FormatError("signature", at: number.startIndex, .invalid("it is empty"))
            }
            self = .rsa(Array(number))
        case .ecdsa:
            // An mpint of a number as long as the curve's order, with its sign octet.
            let limit = (algorithm.keyKind.curve ?? .p521).coordinateLength + 1
            var numbers = try reader.nested("signature", limit: 2 * (4 + limit))
            let r = try Self.scalar("r", limit - 1, from: &numbers)
            let s = try Self.scalar("s", limit - 1, from: &numbers)
            try numbers.finish("signature")
            self = .ecdsa(r: r, s: s)
        case .ed25519:
            self = .ed25519(Array(try reader.string("signature", length: 64)))
        case .mldsa44Ed25519:
            let bytes = try reader.string("signature", length: Self.mldsa44Length + 64)
            self = .mldsa44Ed25519(
                mldsa44: Array(bytes.prefix(Self.mldsa44Length)), ed25519: Array(bytes.suffix(64)))
        }
    }

    /// Writes the string that follows the algorithm name.
    fileprivate func write(to writer: inout WireWriter) {
        switch self {
        case .rsa(let number): writer.string(number)
        case .ecdsa(let r, let s):
            var numbers = WireWriter()
            numbers.positiveInteger(r)
            numbers.positiveInteger(s)
            writer.string(numbers.bytes)
        case .ed25519(let bytes): writer.string(bytes)
        case .mldsa44Ed25519(let mldsa44, let ed25519): writer.string(mldsa44 + ed25519)
        }
    }

    /// The length of an ML-DSA-44 signature, in bytes: FIPS 204 table 2.
    private static let mldsa44Length = 2420

    private static func scalar(
        _ field: String, _ length: Int, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let start = reader.offset
        let number = try reader.positiveInteger(field, limit: length + 1)
        guard number.count <= length else {
            throw FormatError(
                field, at: start, .tooLong(length: number.count, limit: length))
        }
        return Array(number)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The keys in a revocation list, as OpenSSH reads them and as we do.
enum RevocationListKey {
    /// Reads an authority's key of a list that may be published.
    static func strict(
        _ blob: ArraySlice<UInt8>, _ field: String, at start: Int
    ) throws(FormatError) -> [UInt8] {
        let key = try check(blob, field)
        try requireLength(key, at: start)
        return key.blob
    }

    /// Checks that the bytes are exactly one key.
    @discardableResult
    static func check(_ blob: ArraySlice<UInt8>, _ field: String) throws(FormatError) -> PublicKey {
        do {
            return try PublicKey(blob: Array(blob))
        } catch {
            // The key's own reader counts from the start of the key.
            throw FormatError(
                "\(field), \(error.field)", at: blob.startIndex + error.offset, error.problem)
        }
    }

    /// Reads an authority's key as OpenSSH does: the blob by which it knows it, and what is
    /// remarkable about it.
    static func authority(
        _ blob: ArraySlice<UInt8>, at start: Int
    ) throws(FormatError) -> ([UInt8], RevocationListRemark.Kind?) {
        do throws(FormatError) {
            let key = try check(blob, "ca_key")
            try requireLength(key, at: start)
            return (key.blob, nil)
        } catch {
            if let key = try? LenientKey(blob) {
                try requireLength(key.publicKey, at: start)
                return (key.publicKey.blob, .authorityPadding)
            }
            guard let name = typeName(blob) else { throw error }
            if KeyKind(certificateTypeName: name) != nil {
                return (Array(blob), .authorityCertificate)
            }
            if OpaqueKey.names.contains(name), OpaqueKey.isWellFormed(blob) {
                return (Array(blob), .authorityKind)
            }
            throw error
        }
    }

    /// What is remarkable about bytes among the keys, which OpenSSH compares whatever they are.
    static func remark(explicit blob: ArraySlice<UInt8>) -> RevocationListRemark.Kind? {
        guard (try? PublicKey(blob: Array(blob))) == nil else { return nil }
        guard let name = typeName(blob) else { return .keyUnknown }
        if KeyKind(certificateTypeName: name) != nil { return .keyCertificate }
        return OpaqueKey.names.contains(name) && OpaqueKey.isWellFormed(blob) ? nil : .keyUnknown
    }

    private static func requireLength(_ key: PublicKey, at start: Int) throws(FormatError) {
        if case .rsa(_, let modulus) = key.material, modulus.bitLength < 1024 {
            throw FormatError(
                "ca_key", at: start,
                .invalid("\(modulus.bitLength) bits are less than OpenSSH reads, 1024"))
        }
    }

    static func typeName(_ blob: ArraySlice<UInt8>) -> String? {
        var reader = WireReader(blob)
        return try? reader.text("type", limit: PublicKey.maximumNameLength)
    }
}

/// A key in the wider encoding that OpenSSH reads: numbers with zeros in front, which it drops.
struct LenientKey {
    let publicKey: PublicKey

    init(_ blob: ArraySlice<UInt8>) throws(FormatError) {
        var reader = WireReader(blob)
        let name = try reader.text("type", limit: PublicKey.maximumNameLength)
        guard name == KeyKind.rsa.rawValue else {
            throw FormatError("type", at: blob.startIndex, .unknown(name))
        }
        let exponent = try Self.number("e", from: &reader)
        publicKey = try PublicKey(
            .rsa(exponent: exponent, modulus: try Self.number("n", from: &reader)))
        try reader.finish("public key")
    }

    private static func number(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let bytes = try reader.string(field, limit: PublicKey.maximumModulusLength + 1)
        guard bytes.first ?? 0 < 0x80 else {
            throw FormatError(field, at: bytes.startIndex, .invalid("integer is negative"))
        }
        return Array(bytes.drop { $0 == 0 })
    }
}

/// Keys of kinds that some releases of OpenSSH read and that are only carried here.
enum OpaqueKey {
    /// The names, and of how many strings such a key is made behind its name.
    private static let fields = ["ssh-dss": 4, "ssh-mldsa44-ed25519@openssh.com": 1]

    /// The names of the kinds.
    static let names = Set(fields.keys)

    /// Whether the bytes are a name of ours and as many strings as belong to it.
    static func isWellFormed(_ blob: ArraySlice<UInt8>) -> Bool {
        var reader = WireReader(blob)
        guard let name = try? reader.text("type", limit: PublicKey.maximumNameLength),
            let count = fields[name]
        else { return false }
        for _ in 0..<count {
            guard (try? reader.string("field")) != nil else { return false }
        }
        return reader.remaining == 0
    }
}

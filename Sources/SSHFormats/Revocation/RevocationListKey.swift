// SPDX-License-Identifier: Apache-2.0

/// The keys in a revocation list, as OpenSSH reads them and as we do.
enum RevocationListKey {
    /// Reads an authority's key of a list that may be published.
    static func strict(
        _ blob: ArraySlice<UInt8>, _ field: String, at start: Int
    ) throws(FormatError) -> [UInt8] {
        let key = try check(blob, field)
        try requireLength(key, at: start)
        guard key.kind.isCertifiable else {
            throw FormatError(
                field, at: start,
                .invalid("\(key.kind.rawValue) is not read by every release of OpenSSH"))
        }
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
            return (key.blob, key.kind.isCertifiable ? nil : .authorityKind)
        } catch {
            if let key = try? LenientKey(blob) {
                if let rsa = key.publicKey { try requireLength(rsa, at: start) }
                return (key.blob, key.publicKey == nil ? .authorityDSA : .authorityPadding)
            }
            guard let name = typeName(blob) else { throw error }
            if KeyKind(certificateTypeName: name) != nil {
                return (Array(blob), .authorityCertificate)
            }
            throw error
        }
    }

    /// What is remarkable about bytes among the keys, which OpenSSH compares whatever they are.
    static func remark(explicit blob: ArraySlice<UInt8>) -> RevocationListRemark.Kind? {
        guard (try? PublicKey(blob: Array(blob))) == nil else { return nil }
        guard let name = typeName(blob) else { return .keyUnknown }
        if KeyKind(certificateTypeName: name) != nil { return .keyCertificate }
        return LenientKey.isDSA(blob) ? nil : .keyUnknown
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

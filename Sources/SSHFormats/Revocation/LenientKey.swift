// SPDX-License-Identifier: Apache-2.0

/// A key in the wider encoding that OpenSSH reads, brought into the one in which it compares keys.
struct LenientKey {
    /// The key, or nil for one of a kind that is only carried (DSA, read up to 10.0).
    let publicKey: PublicKey?
    /// The blob by which OpenSSH knows the key: numbers without zeros in front.
    let blob: [UInt8]

    init(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
        do throws(FormatError) {
            let key = try PublicKey(bytes: bytes)
            (publicKey, blob) = (key, key.blob)
        } catch {
            if Self.isDSA(bytes) {
                (publicKey, blob) = (nil, Array(bytes))
                return
            }
            var reader = WireReader(bytes)
            guard try reader.string("public key type").elementsEqual(KeyKind.rsa.rawValue.utf8)
            else { throw error }
            let key = try PublicKey(try Self.material(.rsa, from: &reader))
            try reader.finish("public key")
            (publicKey, blob) = (key, key.blob)
        }
    }

    /// Reads the key fields that follow a type name.
    static func material(
        _ kind: KeyKind, from reader: inout WireReader
    ) throws(FormatError) -> PublicKey.Material {
        guard kind == .rsa else { return try PublicKey.Material(kind, from: &reader) }
        let exponent = try number("e", from: &reader)
        return .rsa(exponent: exponent, modulus: try number("n", from: &reader))
    }

    private static func number(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let bytes = try reader.string(field, limit: 2 * PublicKey.maximumModulusLength)
        guard bytes.first ?? 0 < 0x80 else {
            throw FormatError(field, at: bytes.startIndex, .invalid("integer is negative"))
        }
        return Array(bytes.drop { $0 == 0 })
    }

    /// Whether the bytes have the form of a DSA key: a name and four numbers.
    static func isDSA(_ bytes: ArraySlice<UInt8>) -> Bool {
        var reader = WireReader(bytes)
        guard (try? reader.string("type"))?.elementsEqual("ssh-dss".utf8) == true else {
            return false
        }
        for _ in 0..<4 {
            guard (try? reader.string("number")) != nil else { return false }
        }
        return reader.remaining == 0
    }
}

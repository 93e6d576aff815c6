// SPDX-License-Identifier: Apache-2.0

/// A line of a key file, taken apart as OpenSSH does.
struct KeyText {
    /// The type name.
    let name: ArraySlice<UInt8>
    /// The Base64.
    let base64: ArraySlice<UInt8>
    /// What stands behind them.
    let comment: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) {
        let start = line.drop(while: Self.isBlank)
        name = start.prefix { !Self.isBlank($0) }
        let rest = start[name.endIndex...].drop(while: Self.isBlank)
        base64 = rest.prefix { !Self.isBlank($0) }
        comment = rest[base64.endIndex...].drop(while: Self.isBlank)
    }

    /// The key or certificate that the line holds.
    func subject() throws(FormatError) -> RevocationSubject {
        guard !base64.isEmpty else {
            throw FormatError("key", at: 0, .invalid("type name and Base64 are not both there"))
        }
        guard let blob = Base64.decode(base64) else {
            throw FormatError("key", at: 0, .invalid("Base64 is not canonical"))
        }
        var reader = WireReader(blob)
        let found = try reader.string("type")
        guard found.elementsEqual(name) else {
            let said = PrintableText.quoted(String(decoding: name, as: UTF8.self))
            let shown = PrintableText.quoted(String(decoding: found, as: UTF8.self))
            throw FormatError("key", at: 0, .invalid("the line says \(said), the bytes \(shown)"))
        }
        return try RevocationSubject(blob: blob)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

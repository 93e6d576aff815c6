// SPDX-License-Identifier: Apache-2.0

/// One line of a key or certificate file: type name, Base64, and an optional comment.
struct KeyLine {
    /// What the line is, in errors.
    let field: String
    /// The type name that the line begins with.
    let typeName: String
    /// The bytes that the Base64 stands for.
    let blob: [UInt8]

    /// Takes a line apart; single spaces part its fields, and no line end is in it.
    init(_ field: String, _ line: String) throws(FormatError) {
        let bytes = Array(line.utf8)
        if let index = bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw FormatError(
                field, at: index,
                .invalid("control character \(PrintableText.hex(bytes[index]))"))
        }
        let parts = bytes.split(
            separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else {
            throw FormatError(field, at: 0, .invalid("type name and Base64 are not both there"))
        }
        let name = String(decoding: parts[0], as: UTF8.self)
        guard KeyKind(rawValue: name) != nil || KeyKind(certificateTypeName: name) != nil else {
            throw FormatError(field, at: 0, .unknown(name))
        }
        guard parts[1].count <= Self.maximumBase64Length, let blob = Base64.decode(parts[1]) else {
            throw FormatError(field, at: parts[1].startIndex, .invalid("Base64 is not canonical"))
        }
        self.field = field
        typeName = name
        self.blob = blob
    }

    /// Checks that the line names the type that the blob turned out to be of.
    func requireTypeName(_ found: String) throws(FormatError) {
        guard typeName == found else {
            throw FormatError(
                field, at: 0, .invalid("the line says \(typeName), the bytes \(found)"))
        }
    }

    /// Writes a line, without its line end.
    static func text(_ typeName: String, _ blob: [UInt8], comment: String) -> String {
        let line = "\(typeName) \(Base64.encode(blob))"
        guard !comment.isEmpty else { return line }
        let shown = comment.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
        return "\(line) \(String(decoding: shown, as: UTF8.self))"
    }

    /// The longest Base64 of a line, in characters: that of the longest certificate, rounded up.
    private static let maximumBase64Length = 131_072
}

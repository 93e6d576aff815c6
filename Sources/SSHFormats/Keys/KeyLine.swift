// SPDX-License-Identifier: Apache-2.0

/// One line of a key or certificate file: type name, Base64, and an optional comment.
struct KeyLine {
    /// What the line is, in errors.
    let field: String
    /// The type name that the line begins with.
    let typeName: String
    /// The bytes that the Base64 stands for.
    let blob: [UInt8]
    /// Whether a space stands behind the Base64, and a comment, which may be empty.
    let hasComment: Bool

    /// Takes a line apart; single spaces part its fields, and no line end is in it.
    init(_ field: String, _ line: String) throws(FormatError) {
        let bytes = Array(line.utf8)
        // Counted first, which takes no branch for each byte: most lines have no comment.
        var controls = 0
        var spaces = 0
        for byte in bytes {
            controls &+= byte < 0x20 || byte == 0x7F ? 1 : 0
            spaces &+= byte == 0x20 ? 1 : 0
        }
        if controls > 0, let index = bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw FormatError(
                field, at: index,
                .invalid("control character \(PrintableText.hex(bytes[index]))"))
        }
        guard let space = bytes.firstIndex(of: 0x20) else {
            throw FormatError(field, at: 0, .invalid("type name and Base64 are not both there"))
        }
        let name = bytes[..<space]
        typeName = String(decoding: name, as: UTF8.self)
        guard KeyKind(name: name) != nil || KeyKind(certificateName: name) != nil else {
            throw FormatError(field, at: 0, .unknown(typeName))
        }
        let rest = bytes[(space + 1)...]
        let end = spaces > 1 ? rest.firstIndex(of: 0x20) : nil
        let base64 = rest[..<(end ?? rest.endIndex)]
        guard base64.count <= Self.maximumBase64Length, let blob = Base64.decode(base64) else {
            throw FormatError(field, at: base64.startIndex, .invalid("Base64 is not canonical"))
        }
        self.field = field
        self.blob = blob
        hasComment = end != nil
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

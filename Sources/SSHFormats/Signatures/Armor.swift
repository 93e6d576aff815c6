// SPDX-License-Identifier: Apache-2.0

/// The text form of a signature: Base64 between two lines, OpenSSH PROTOCOL.sshsig.
enum Armor {
    /// The line before the Base64.
    static let begin = Array("-----BEGIN SSH SIGNATURE-----".utf8)
    /// The line after the Base64.
    static let end = Array("-----END SSH SIGNATURE-----".utf8)
    /// The length of a line of Base64, as ssh-keygen writes it.
    static let lineLength = 70
    /// The longest armor that is read, in bytes: that of the longest signature, in short lines.
    static let maximumLength = 196_608

    /// Writes the two lines and the Base64 between them, each line ended by LF.
    static func encode(_ blob: [UInt8]) -> String {
        var text = begin + [0x0A]
        var rest = Array(Base64.encode(blob).utf8)[...]
        while !rest.isEmpty {
            text += rest.prefix(lineLength)
            text.append(0x0A)
            rest = rest.dropFirst(lineLength)
        }
        text += end + [0x0A]
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads armor: the two lines, and between them Base64 in lines of any length.
    ///
    /// Lines end in LF or CRLF; the last may lack its end. Nothing may stand before or after.
    static func decode(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
        guard bytes.count <= maximumLength else {
            throw FormatError(
                "armor", at: 0, .tooLong(length: bytes.count, limit: maximumLength))
        }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        // What follows the last LF is a line only where it is not empty, and its CR is no line end.
        let unended = lines.removeLast()
        for index in lines.indices where lines[index].last == 0x0D { lines[index].removeLast() }
        if !unended.isEmpty { lines.append(unended) }
        guard let first = lines.first, first.elementsEqual(begin) else {
            throw FormatError(
                "armor", at: 0, .invalid("it does not begin with the line BEGIN SSH SIGNATURE"))
        }
        guard let close = lines.firstIndex(where: { $0.elementsEqual(end) }) else {
            throw FormatError(
                "armor", at: bytes.count, .invalid("it has no line END SSH SIGNATURE"))
        }
        guard close == lines.count - 1 else {
            let next = lines[close + 1]
            throw FormatError(
                "armor", at: next.startIndex, .trailing(count: bytes.count - next.startIndex))
        }
        var text: [UInt8] = []
        for line in lines[1..<close] {
            guard !line.isEmpty else {
                throw FormatError("armor", at: line.startIndex, .invalid("a line is empty"))
            }
            text += line
        }
        guard !text.isEmpty, let blob = Base64.decode(text) else {
            throw FormatError(
                "armor", at: begin.count + 1, .invalid("Base64 is not canonical"))
        }
        return blob
    }

    /// The byte at which the first line that begins armor starts.
    static func firstLine(in bytes: [UInt8]) -> Int? {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[start..<end]
            if line.last == 0x0D { line.removeLast() }
            if line.elementsEqual(begin) { return start }
            start = end + 1
        }
        return nil
    }
}

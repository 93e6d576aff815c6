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
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var emptyLine: Int?
        var isClosed = false
        var start = 0
        repeat {
            let lineFeed = bytes[start...].firstIndex(of: 0x0A)
            var line = bytes[start..<(lineFeed ?? bytes.count)]
            // What follows the last LF is a line only where it is not empty, and its CR is no line end.
            if lineFeed != nil, line.last == 0x0D { line.removeLast() }
            let isFirst = start == 0
            start = lineFeed.map { $0 + 1 } ?? bytes.count
            if isFirst {
                guard line.elementsEqual(begin) else {
                    throw FormatError(
                        "armor", at: 0,
                        .invalid("it does not begin with the line BEGIN SSH SIGNATURE"))
                }
            } else if line.elementsEqual(end) {
                isClosed = true
            } else {
                if line.isEmpty, emptyLine == nil { emptyLine = line.startIndex }
                text += line
            }
        } while !isClosed && start < bytes.count
        guard isClosed else {
            throw FormatError(
                "armor", at: bytes.count, .invalid("it has no line END SSH SIGNATURE"))
        }
        guard start == bytes.count else {
            throw FormatError("armor", at: start, .trailing(count: bytes.count - start))
        }
        if let emptyLine {
            throw FormatError("armor", at: emptyLine, .invalid("a line is empty"))
        }
        guard !text.isEmpty, let blob = Base64.decode(text) else {
            throw FormatError(
                "armor", at: begin.count + 1, .invalid("Base64 is not canonical"))
        }
        return blob
    }

    /// The byte at which the first line that begins armor starts.
    static func firstLine(in bytes: [UInt8]) -> Int? {
        let text = bytes.span
        var isAtStart = true
        for place in text.indices {
            if isAtStart, beginsArmor(text, at: place) { return place }
            isAtStart = text[place] == 0x0A
        }
        return nil
    }

    /// Whether the line that starts at `start` is the one before the Base64.
    private static func beginsArmor(_ text: Span<UInt8>, at start: Int) -> Bool {
        let end = start + begin.count
        guard end <= text.count, begin.indices.allSatisfy({ text[start + $0] == begin[$0] }) else {
            return false
        }
        let rest = text.extracting(end..<min(end + 2, text.count))
        return rest.isEmpty || rest[0] == 0x0A
            || rest[0] == 0x0D && (end + 1 == text.count || rest[1] == 0x0A)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads one line of ``AllowedSigners``: patterns, options where there are any, key, comment.
struct SignerLineReader {
    /// As whom the signer may sign, as soon as it has been read.
    private(set) var principals: PatternList?

    private let number: Int
    private let bytes: [UInt8]
    private var offset = 0

    /// Reads a line without its LF; a CR at its end belongs to the line end.
    init(_ line: TextLines.Line) {
        number = line.number
        bytes = Array(line.bytes.last == 0x0D ? line.bytes.dropLast() : line.bytes)
    }

    /// Reads the whole line; nil where it is empty or a comment.
    mutating func entry(
        localClock: AllowedSigners.LocalClock?
    ) throws(FormatError) -> AllowedSigners.Entry? {
        skipBlanks()
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        if let index = rest.firstIndex(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
            throw FormatError(
                "line", at: index,
                .invalid("control character \(PrintableText.hex(bytes[index]))"))
        }
        let principals = try PatternList("principals", try takePrincipals())
        self.principals = principals
        skipBlanks()
        var options = SignerOptions()
        if !rest.isEmpty, !Self.isKeyType(peekWord()) {
            options = try SignerOptions(try takeOptions(), localClock: localClock)
            skipBlanks()
        }
        let signer = try takeSigner()
        if options.isAuthority, let certificate = signer.certificate {
            throw FormatError(
                "key", at: 0,
                .invalid(
                    "an authority is a plain key, not a \(certificate.fields.kind.name) certificate"
                )
            )
        }
        skipBlanks()
        return AllowedSigners.Entry(
            line: number, principals: principals, isAuthority: options.isAuthority,
            namespaces: options.namespaces, validAfter: options.validAfter,
            validBefore: options.validBefore, hasLocalTime: options.hasLocalTime,
            signer: signer, comment: String(decoding: rest, as: UTF8.self))
    }

    private var rest: ArraySlice<UInt8> { bytes[offset...] }

    private mutating func skipBlanks() {
        offset = rest.firstIndex { !Self.isBlank($0) } ?? bytes.count
    }

    /// The bytes up to the next blank.
    private func peekWord() -> ArraySlice<UInt8> { rest.prefix { !Self.isBlank($0) } }

    private mutating func takeWord() -> ArraySlice<UInt8> {
        let word = peekWord()
        offset = word.endIndex
        return word
    }

    /// Takes the first field: a word, or what stands between two quotes.
    private mutating func takePrincipals() throws(FormatError) -> ArraySlice<UInt8> {
        guard rest.first == Self.quote else {
            let word = takeWord()
            if let index = word.firstIndex(of: Self.quote) {
                throw FormatError("principals", at: index, .invalid("a quote stands within"))
            }
            return word
        }
        let start = offset
        guard let close = rest.dropFirst().firstIndex(of: Self.quote) else {
            throw FormatError("principals", at: start, .invalid("the quote is not closed"))
        }
        offset = close + 1
        guard rest.first.map(Self.isBlank) ?? true else {
            throw FormatError(
                "principals", at: offset, .invalid("no blank follows the closing quote"))
        }
        return bytes[(start + 1)..<close]
    }

    /// Takes the options: up to the first blank outside of quotes.
    private mutating func takeOptions() throws(FormatError) -> ArraySlice<UInt8> {
        let start = offset
        var isQuoted = false
        while offset < bytes.count, isQuoted || !Self.isBlank(bytes[offset]) {
            if bytes[offset] == UInt8(ascii: "\\"), bytes[(offset + 1)...].first == Self.quote {
                offset += 1
            } else if bytes[offset] == Self.quote {
                isQuoted.toggle()
            }
            offset += 1
        }
        guard !isQuoted else {
            throw FormatError("options", at: start, .invalid("a quote is not closed"))
        }
        return bytes[start..<offset]
    }

    private mutating func takeSigner() throws(FormatError) -> SSHSIG.Signer {
        guard !rest.isEmpty else {
            throw FormatError("key", at: offset, .invalid("it is missing"))
        }
        let start = offset
        let type = takeWord()
        guard Self.isKeyType(type) else {
            throw FormatError("key", at: start, .unknown(String(decoding: type, as: UTF8.self)))
        }
        skipBlanks()
        let place = offset
        let text = takeWord()
        guard text.count <= Self.maximumBase64Length, !text.isEmpty,
            let blob = Base64.decode(text)
        else { throw FormatError("key", at: place, .invalid("Base64 is not canonical")) }
        let signer = try SSHSIG.Signer(blob: blob)
        guard type.elementsEqual(signer.typeName.utf8) else {
            throw FormatError(
                "key", at: start,
                .invalid(
                    "the line says \(String(decoding: type, as: UTF8.self)), the bytes "
                        + signer.typeName))
        }
        return signer
    }

    private static func isKeyType(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count <= PublicKey.maximumNameLength else { return false }
        let name = String(decoding: word, as: UTF8.self)
        return KeyKind(rawValue: name) != nil || KeyKind(certificateTypeName: name) != nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static let quote = UInt8(ascii: "\"")
    /// The longest Base64 of a key, in characters: that of the longest certificate, rounded up.
    private static let maximumBase64Length = 131_072
}

// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHFormats

/// One line of a certificate file, taken apart as OpenSSH takes it apart.
struct CertificateLine: Sendable {
    /// The bytes of the certificate; nil where the line holds none.
    let blob: [UInt8]?
    /// What is wrong with the line; offsets are those of its bytes.
    let findings: [CertificateFinding]

    /// The lines of a file that may hold certificates: neither empty nor begun with `#`.
    static func places(in file: [UInt8]) -> [(number: Int, range: Range<Int>)] {
        var places: [(number: Int, range: Range<Int>)] = []
        var number = 0
        var start = 0
        while start < file.count {
            let end = file[start...].firstIndex(of: 0x0A) ?? file.count
            number += 1
            if start < end, file[start] != UInt8(ascii: "#"), file[start..<end] != [0x0D] {
                // The lines of a private key are one thing.
                if Self.isPrivateKey(file[start..<end]) {
                    places.append((number, start..<file.count))
                    return places
                }
                places.append((number, start..<end))
            }
            start = end + 1
        }
        return places
    }

    /// Takes a line apart, without its LF.
    init(_ line: ArraySlice<UInt8>) {
        var form = Form(line)
        blob = form.read()
        findings = form.findings
    }

    fileprivate static func isPrivateKey(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "-----BEGIN".utf8) || line.starts(with: "PuTTY-User-Key-File".utf8)
    }
}

/// The reading of one line.
private struct Form {
    private let line: ArraySlice<UInt8>
    private var rest: ArraySlice<UInt8>
    private(set) var findings: [CertificateFinding] = []

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        rest = line
    }

    mutating func read() -> [UInt8]? {
        guard !CertificateLine.isPrivateKey(line) else {
            add(.filePrivateKey, line.startIndex, "it is a key file in armor, not a certificate")
            return nil
        }
        if rest.last == 0x0D {
            rest = rest.dropLast()
            add(.fileLineEnd, rest.endIndex, "the line ends in CR LF")
        }
        let blanks = skipBlanks()
        if blanks.count > 0 { add(.fileSpaces, blanks.startIndex, "the line begins with blanks") }
        let name = word()
        let gap = skipBlanks()
        if gap.count > 1 || gap.first == 0x09 {
            add(.fileSpaces, gap.startIndex, "more than one space parts type name and Base64")
        }
        let text = word()
        guard !name.isEmpty, !text.isEmpty else {
            add(.fileForm, line.startIndex, "type name and Base64 are not both there")
            return nil
        }
        if let place = rest.firstIndex(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
            add(
                .fileForm, place,
                "the comment has the control character \(Hex.encode([rest[place]]))")
        }
        guard let blob = Base64.decode(text) else {
            add(.fileForm, text.startIndex, "Base64 is not canonical")
            return nil
        }
        compare(name, with: blob)
        return blob
    }

    /// Compares the line's type name with that of its bytes.
    private mutating func compare(_ name: ArraySlice<UInt8>, with blob: [UInt8]) {
        if KeyLayout.ofKey(named: name) != nil {
            add(.filePlainKey, name.startIndex, "\(shown(name)) is a plain key")
        }
        let length = blob.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let inside = blob.dropFirst(4).prefix(length)
        guard blob.count >= 4, inside.count == length, !inside.elementsEqual(name) else { return }
        add(
            .fileTypeName, name.startIndex,
            "the line says \(shown(name)), the bytes \(shown(inside))")
    }

    private mutating func skipBlanks() -> ArraySlice<UInt8> {
        let blanks = rest.prefix { $0 == 0x20 || $0 == 0x09 }
        rest = rest.dropFirst(blanks.count)
        return blanks
    }

    private mutating func word() -> ArraySlice<UInt8> {
        let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
        rest = rest.dropFirst(word.count)
        return word
    }

    private mutating func add(_ rule: CertificateRule, _ place: Int, _ message: String) {
        findings.append(
            CertificateFinding(
                rule: rule, field: "line", offset: place - line.startIndex, message: message))
    }
}

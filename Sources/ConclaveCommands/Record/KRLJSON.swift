// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// A list as JSON: one object, written as it is made.
///
/// Numbers of 64 bits stand as strings, since many readers of JSON hold no such numbers.
struct KRLJSON {
    private let reading: RevocationListReading
    private let digest: String
    private let length: Int

    init(_ reading: RevocationListReading, digest: String, length: Int) {
        self.reading = reading
        self.digest = digest
        self.length = length
    }

    /// Writes it to standard output, on one line.
    func write() {
        let list = reading.list
        var pieces = OutputPieces()
        let head: [(String, JSONText)] = [
            ("version", .string("\(list.version)")),
            ("generated", .string(UnixTime(seconds: list.generated).text)),
            ("sha256", .string(digest)), ("length", .number(UInt64(length))),
            ("comment", Self.text(list.comment)),
        ]
        pieces.add(String(JSONText.object(head).text.dropLast()) + ",\"authorities\":[")
        var separator = ""
        for part in list.authorities {
            let key: JSONText = part.keyBlob.isEmpty ? .string("any") : Self.key(part.keyBlob)
            pieces.add(separator + "{\"key\":" + key.text)
            pieces.add("serials", part.serials.ranges) { .string(KRLText.serials($0)) }
            pieces.add("key-ids", part.keyIDs, Self.text)
            pieces.add("}")
            separator = ","
        }
        pieces.add("]")
        pieces.add("keys", list.keys, Self.key)
        pieces.add("sha256-hashes", list.sha256Hashes) { .string(KRLText.hash($0)) }
        pieces.add("sha1-hashes", list.sha1Hashes) { .string(Hex.encode(Array($0))) }
        pieces.add("remarks", reading.remarks.all, Self.remark)
        pieces.add("refused-by", reading.remarks.refusing) { .string($0.description) }
        if !reading.sections.isEmpty { pieces.add("sections", reading.sections, Self.section) }
        pieces.add("}\n")
    }

    private static func text(_ bytes: some Collection<UInt8>) -> JSONText {
        .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func key(_ blob: some Collection<UInt8>) -> JSONText {
        .object([
            ("fingerprint", .string(KRLText.fingerprint(blob))),
            ("blob", .string(Base64.encode(blob))),
        ])
    }

    private static func remark(_ remark: RevocationListRemark) -> JSONText {
        .object([
            ("kind", .string(remark.kind.rawValue)), ("offset", .number(UInt64(remark.offset))),
            ("count", .number(UInt64(remark.count))),
            ("explanation", .string(remark.kind.explanation)),
            (
                "openssh",
                .object(
                    OpenSSHRelease.allCases.map {
                        ($0.description, .string(remark.kind.verdict(of: $0).description))
                    })
            ),
        ])
    }

    private static func section(_ section: RevocationListSection) -> JSONText {
        .object([
            ("type", .number(UInt64(section.type))), ("name", .string(section.name)),
            ("nested", .boolean(section.isNested)), ("offset", .number(UInt64(section.offset))),
            ("length", .number(UInt64(section.length))),
        ])
    }
}

/// JSON for standard output, written some at a time.
private struct OutputPieces: ~Copyable {
    private var text = ""

    /// Adds text.
    mutating func add(_ piece: String) {
        text += piece
        guard text.utf8.count > 32_768 else { return }
        Screen.write(text)
        text = ""
    }

    /// Adds a member, whose value is an array, to an object that has members already.
    mutating func add<Values: Sequence>(
        _ name: String, _ values: Values, _ value: (Values.Element) -> JSONText
    ) {
        add(",\"\(name)\":[")
        var separator = ""
        for element in values {
            add(separator + value(element).text)
            separator = ","
        }
        add("]")
    }

    deinit {
        if !text.isEmpty { Screen.write(text) }
    }
}

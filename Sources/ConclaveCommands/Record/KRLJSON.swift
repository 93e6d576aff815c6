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
        var members: [(String, JSONText)] = [
            ("version", .string("\(list.version)")),
            ("generated", .string(UnixTime(seconds: list.generated).text)),
            ("sha256", .string(digest)), ("length", .number(UInt64(length))),
            ("comment", Self.text(list.comment)),
            (
                "authorities",
                .array(
                    list.authorities.map { part in
                        .object([
                            ("key", part.keyBlob.isEmpty ? .string("any") : Self.key(part.keyBlob)),
                            (
                                "serials",
                                .array(part.serials.ranges.map { .string(KRLText.serials($0)) })
                            ),
                            ("key-ids", .array(part.keyIDs.map(Self.text))),
                        ])
                    })
            ),
            ("keys", .array(list.keys.map(Self.key))),
            ("sha256-hashes", .array(list.sha256Hashes.map { .string(KRLText.hash($0)) })),
            ("sha1-hashes", .array(list.sha1Hashes.map { .string(Hex.encode(Array($0))) })),
            ("remarks", .array(reading.remarks.all.map(Self.remark))),
            (
                "refused-by",
                .array(reading.remarks.refusing.map { .string($0.description) })
            ),
        ]
        if !reading.sections.isEmpty {
            members.append(("sections", .array(reading.sections.map(Self.section))))
        }
        Screen.line(JSONText.object(members).text)
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

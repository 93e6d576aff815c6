// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// Every byte of a certificate with its place, its character and its meaning.
struct ByteTable: Sendable {
    /// How many bytes stand on a line.
    private static let width = 16

    private let dissection: CertificateDissection

    /// Takes the certificate as it was taken apart, with its fields.
    init(_ dissection: CertificateDissection) {
        self.dissection = dissection
    }

    /// The lines: offset, bytes, characters, and on the first line of each field what it is.
    var lines: [String] {
        dissection.fields.flatMap { field in
            let starts = stride(
                from: field.range.lowerBound, to: field.range.upperBound, by: Self.width)
            let rows = starts.map { start in
                (start, dissection.blob[start..<min(start + Self.width, field.range.upperBound)])
            }
            guard !rows.isEmpty else {
                return [row(field.range.lowerBound, [], meaning(of: field))]
            }
            return rows.enumerated().map { index, row in
                self.row(row.0, row.1, index == 0 ? meaning(of: field) : nil)
            }
        }
    }

    private func row(_ offset: Int, _ bytes: ArraySlice<UInt8>, _ meaning: String?) -> String {
        let place = String(offset, radix: 16)
        let hex = bytes.map { Hex.encode([$0]) }.joined(separator: " ")
        let characters = bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }
        let text = String(decoding: characters, as: UTF8.self)
        let start = padding(to: 6, place, "0") + place + "  " + hex
        guard let meaning else { return start + padding(to: 47, hex) + "  " + text }
        return start + padding(to: 47, hex) + "  " + text + padding(to: Self.width, text) + "  "
            + meaning
    }

    private func padding(to width: Int, _ text: String, _ filler: String = " ") -> String {
        String(repeating: filler, count: max(0, width - text.utf8.count))
    }

    /// What a field is, indented by its depth; times are told as dates too.
    private func meaning(of field: DissectedField) -> String {
        let indent = String(repeating: "  ", count: field.depth)
        let name = field.form == .length ? "length of \(field.name)" : field.name
        return indent + name + ": " + Self.meaning(of: field, in: dissection)
    }

    /// What the bytes of a field say.
    static func meaning(of field: DissectedField, in dissection: CertificateDissection) -> String {
        guard field.form == .time else { return dissection.meaning(of: field) }
        let seconds = dissection.bytes(of: field).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let time = UnixTime(seconds: seconds)
        return seconds == 0 || time > UnixTime.latest
            ? dissection.meaning(of: field) : "\(time.text), \(seconds)"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

/// A request file taken apart by the simplest means, so that no parser of ours judges the script.
struct SplitRequest {
    /// The signed bytes, those before the armor.
    let text: [UInt8]
    /// The armored signature, to the end of the file.
    let armor: [UInt8]
    /// The lines of the text as name and value.
    let fields: [(name: String, value: String)]

    init(_ bytes: [UInt8]) throws {
        let whole = String(decoding: bytes, as: UTF8.self)
        try #require(Array(whole.utf8) == bytes, "the request is not UTF-8")
        let start = try #require(whole.firstRange(of: "-----BEGIN SSH SIGNATURE-----\n"))
        try #require(whole.hasSuffix("\n-----END SSH SIGNATURE-----\n"))
        text = Array(whole[..<start.lowerBound].utf8)
        armor = Array(whole[start.lowerBound...].utf8)
        let lines = whole[..<start.lowerBound].split(
            separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.last == "")
        fields = try lines.dropLast().map { line in
            let colon = try #require(line.firstRange(of: ": "), "\(line) is no field")
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
    }

    /// The values of a field, in their order.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }
}

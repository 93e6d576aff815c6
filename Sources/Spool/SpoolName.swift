// SPDX-License-Identifier: Apache-2.0

/// A name in the spool, as bytes, and what can be said of it without touching the file.
struct SpoolName: Equatable {
    /// Endings that programs give to files which they have not finished writing.
    static let temporaryEndings = ["~", ".part", ".partial", ".filepart", ".tmp", ".crdownload"]
    private static let signatureEnding = Array(".sig".utf8)

    let bytes: [UInt8]

    /// The name in printable ASCII.
    var shown: String { escaped(bytes) }

    /// The name of the text that this name's file would be a signature of.
    var signedName: SpoolName? {
        guard bytes.count > SpoolName.signatureEnding.count,
            bytes.suffix(SpoolName.signatureEnding.count).elementsEqual(SpoolName.signatureEnding)
        else { return nil }
        return SpoolName(bytes: Array(bytes.dropLast(SpoolName.signatureEnding.count)))
    }

    /// The name of the file that would hold this one's signature.
    var signatureName: SpoolName { SpoolName(bytes: bytes + SpoolName.signatureEnding) }

    /// Printable ASCII, no space at either end, and nothing that a quoted name or an option is made
    /// of: no `"`, no `\`, no hyphen in front.
    var isPlain: Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return first != 0x2D && first != 0x20 && last != 0x20
            && bytes.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }

    /// Whether the name says that its file is not meant to be read yet.
    var isTemporary: Bool {
        let name = String(decoding: (signedName ?? self).bytes, as: UTF8.self).lowercased()
        return bytes.first == 0x2E
            || SpoolName.temporaryEndings.contains { name.hasSuffix($0) }
    }

    /// The refusal that the name alone earns.
    var refusal: SpoolRefusal? {
        guard isPlain else {
            return SpoolRefusal(
                name: shown, rule: "SPOOL-NAME",
                message: "\"\(shown)\" is not a plain name of printable ASCII")
        }
        guard !isTemporary else {
            return SpoolRefusal(
                name: shown, rule: "SPOOL-PARTIAL",
                message: "\"\(shown)\" is hidden or temporary, so it may be half-written")
        }
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A line of a file of keys and certificates, read as widely as OpenSSH reads them.
public struct KeyFileLine: Sendable {
    /// The key or the certificate.
    public let subject: RevocationSubject
    /// What stands behind it, up to the end of the line.
    public let comment: ArraySlice<UInt8>

    /// Reads a line without its line feed; nil where it is empty or a comment.
    ///
    /// - Throws: ``FormatError`` where the line holds something else.
    public init?(_ line: ArraySlice<UInt8>) throws(FormatError) {
        var text = line.drop(while: KeyText.isBlank)
        if text.last == 0x0D { text.removeLast() }
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        let parts = KeyText(text)
        subject = try parts.subject()
        comment = parts.comment
    }
}

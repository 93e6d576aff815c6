// SPDX-License-Identifier: Apache-2.0

/// A file of public keys and certificates, one a line, as OpenSSH writes and reads them.
///
/// That is `id_ed25519.pub`, `id_ed25519-cert.pub`, and files of many lines such as those of
/// `TrustedUserCAKeys`. Empty lines and lines that begin with `#` are skipped; blanks may stand before
/// a line, between its parts and behind it; lines may end in CRLF. Options before a key, as in
/// `authorized_keys`, are not read.
public struct KeyFile: Sendable {
    /// A line that holds a key or a certificate.
    public struct Entry: Sendable {
        /// What a line holds.
        public enum Content: Hashable, Sendable {
            /// A plain public key.
            case key(PublicKey)
            /// A certificate.
            case certificate(Certificate)
        }

        /// The line's number in the file; the first is 1.
        public let line: Int
        /// The key or the certificate.
        public let content: Content
        /// What stands behind it, without the blanks around it.
        public let comment: String

        /// The plain public key: of a certificate, the one that is certified.
        public var publicKey: PublicKey {
            switch content {
            case .key(let key): key
            case .certificate(let certificate): certificate.fields.publicKey
            }
        }
    }

    /// A line that holds something else.
    public struct Fault: Error, Equatable, Sendable {
        /// The line's number in the file; the first is 1.
        public let line: Int
        /// What is wrong with it; offsets are those of the blob.
        public let error: FormatError
    }

    /// The lines that hold a key or a certificate, in their order.
    public let entries: [Entry]
    /// The lines that should and don't, in their order.
    public let faults: [Fault]

    /// Reads all lines of a file.
    public init(_ bytes: some Collection<UInt8>) {
        var entries: [Entry] = []
        var faults: [Fault] = []
        for line in TextLines(Array(bytes)) {
            do throws(FormatError) {
                guard let entry = try Self.entry(line) else { continue }
                entries.append(entry)
            } catch {
                faults.append(Fault(line: line.number, error: error))
            }
        }
        self.entries = entries
        self.faults = faults
    }

    /// Reads a line; nil where it is empty or a comment.
    private static func entry(
        _ text: TextLines.Line
    ) throws(FormatError) -> Entry? {
        var line = text.bytes
        while let last = line.last, isBlank(last) || last == 0x0D { line.removeLast() }
        line = line.drop(while: isBlank)
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        let name = line.prefix { !isBlank($0) }
        let base64 = line.dropFirst(name.count).drop(while: isBlank).prefix { !isBlank($0) }
        let comment = line[base64.endIndex...].drop(while: isBlank)
        let canonical = [name, [0x20], base64].joined()
        let spaced = String(decoding: Array(canonical), as: UTF8.self)
        let isCertificate =
            KeyKind(certificateTypeName: String(decoding: name, as: UTF8.self)) != nil
        return Entry(
            line: text.number,
            content: isCertificate
                ? .certificate(try Certificate(line: spaced)) : .key(try PublicKey(line: spaced)),
            comment: String(decoding: comment, as: UTF8.self))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

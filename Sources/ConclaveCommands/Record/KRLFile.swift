// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Spool

/// Revocation lists in files that a person names.
enum KRLFile {
    /// The bytes of a file, as long as OpenSSH loads it.
    static func bytes(_ path: String) throws(FileError) -> [UInt8] {
        try DurableFile.read(path, limit: RevocationList.maximumLength)
    }

    /// Reads a list.
    static func reading(
        _ path: String, keepsSections: Bool = false
    ) throws -> (reading: RevocationListReading, bytes: [UInt8]) {
        let bytes = try bytes(path)
        do throws(FormatError) {
            return (
                try RevocationListReading(
                    parsing: bytes, keepsSections: keepsSections,
                    authorityFault: SignatureCheck.authorityFault), bytes
            )
        } catch {
            throw unreadable(path, error)
        }
    }

    /// The refusal of a file that no release of OpenSSH reads either.
    static func unreadable(_ path: String, _ error: FormatError) -> Violations {
        Violations(
            Violation(
                .krlRead, "\(quoted(path)) cannot be read: \(error)",
                hint: "sshd refuses every public key login over such a list"))
    }
}

/// Lines for standard output, written some at a time.
struct OutputLines: ~Copyable {
    private var text = ""

    /// Adds a line.
    mutating func add(_ line: String) {
        if !text.isEmpty { text += "\n" }
        text += line
        if text.utf8.count > 32_768 { flush() }
    }

    /// Writes what has not been written.
    mutating func flush() {
        if !text.isEmpty { Screen.line(text) }
        text = ""
    }

    deinit {
        if !text.isEmpty { Screen.line(text) }
    }
}

/// What lists hold, as people read it.
enum KRLText {
    /// The fingerprint of a key's blob, and its type: `SHA256:… (ssh-ed25519)`.
    static func key(_ blob: some Collection<UInt8>) -> String {
        var reader = WireReader(Array(blob))
        let name = (try? reader.string("type")).map { String(decoding: $0, as: UTF8.self) }
        let kind = name.map { quoted($0).dropFirst().dropLast() } ?? "no key"
        return "\(fingerprint(blob)) (\(kind))"
    }

    /// The SHA-256 fingerprint of a key's blob.
    static func fingerprint(_ blob: some Collection<UInt8>) -> String {
        hash(SignatureCheck.tools.sha256(Array(blob)))
    }

    /// A SHA-256 digest as OpenSSH prints it.
    static func hash(_ digest: some Collection<UInt8>) -> String {
        "SHA256:" + Base64.encode(digest).prefix { $0 != "=" }
    }

    /// A range as `N` or `N-M`.
    static func serials(_ range: ClosedRange<UInt64>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Bytes as text that a terminal may show.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return "bytes \(Hex.encode(Array(bytes)))"
        }
        return quoted(text, limit: .max)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Spool

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

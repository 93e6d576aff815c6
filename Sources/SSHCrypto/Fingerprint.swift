// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// The SHA-256 fingerprint of a public key, as OpenSSH prints it.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The SHA-256 digest of the key's wire encoding.
    public let digest: SHA256Digest

    /// The fingerprint of `key`.
    public init(_ key: PublicKey) {
        digest = SHA256Digest(hashing: key.blob)
    }

    /// Reads `SHA256:` and unpadded Base64, or nil where `text` is anything else.
    public init?(text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64.decode(text.dropFirst(Self.prefix.count) + "="),
            let digest = SHA256Digest(bytes: bytes)
        else { return nil }
        self.digest = digest
    }

    /// The fingerprint as OpenSSH prints it: `SHA256:` and Base64 without padding.
    public var text: String {
        Self.prefix + String(decoding: digest.base64.utf8.dropLast(), as: UTF8.self)
    }

    /// The fingerprint as OpenSSH prints it.
    public var description: String { text }

    private static let prefix = "SHA256:"
}

extension PublicKey {
    /// The key's SHA-256 fingerprint, as OpenSSH prints it.
    public var fingerprint: String { Fingerprint(self).text }

    /// The key's MD5 fingerprint, as OpenSSH printed it up to 6.7 and does with `-E md5`.
    ///
    /// It is for finding a key in old records: another key with the same one can be made.
    public var md5Fingerprint: String {
        let digits = DigestAlgorithm.md5.hash(blob).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "MD5:" + digits.joined(separator: ":")
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
public import SSHFormats

/// The rules for names in certificates, which hold whatever a policy says.
///
/// A comma splits a principal in some versions of sshd (CVE-2026-35414), a wildcard widens it, and
/// an upper-case host name never matches; so none of them is ever written.
public enum Principal {
    /// The longest principal, in bytes.
    public static let maximumLength = 255
    /// The most principals that OpenSSH reads from one certificate.
    public static let maximumCount = 256

    /// Why `name` cannot be a principal of a certificate of this kind, or nil where it can.
    public static func fault(in name: String, kind: CertificateKind) -> String? {
        let bytes = Array(name.utf8)
        guard !bytes.isEmpty else { return "principal is empty" }
        guard bytes.count <= maximumLength else {
            return "principal has \(bytes.count) bytes, more than \(maximumLength)"
        }
        guard bytes.allSatisfy(isAllowed) else {
            return "principal \(quoted(name)) has a character outside A-Z a-z 0-9 . _ @ : + -"
        }
        guard kind == .user || !bytes.contains(where: { (0x41...0x5A).contains($0) }) else {
            return "host principal \(quoted(name)) has upper-case letters, which never match"
        }
        return nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2E, 0x5F, 0x40, 0x3A, 0x2B, 0x2D: true
        default: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A plain list of revoked keys, one a line: what sshd takes `RevokedKeys` for that is no KRL.
///
/// A listed key is revoked with all certificates for it and by it. Empty lines and lines that begin
/// with `#` are skipped, and so are RSA keys below 1,024 bits; any other line that is no key makes
/// sshd refuse everybody. `ssh-keygen -Q` reads KRLs only.
public enum RevokedKeyFile {
    /// Whether a file of `RevokedKeys` with these bytes is a plain list and no KRL.
    public static func isPlain(_ bytes: [UInt8]) -> Bool {
        !bytes.starts(with: "SSHKRL\n\0".utf8)
    }

    /// Why the list revokes each of the subjects, in their order; nil where it doesn't.
    ///
    /// - Throws: ``FormatError`` at the first line that is no key; the offset is that of the line.
    public static func answers(
        _ bytes: [UInt8], about subjects: [RevocationSubject]
    ) throws(FormatError) -> [RevocationReason?] {
        var answers: [RevocationReason?] = subjects.map { _ in nil }
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let text = line.drop(while: KeyText.isBlank)
            guard let first = text.first, first != UInt8(ascii: "#") else { continue }
            let listed: RevocationSubject
            do throws(FormatError) {
                listed = try KeyText(text).subject()
            } catch {
                throw FormatError(
                    "line \(number)", at: line.startIndex, .invalid("it is no key: \(error)"))
            }
            if case .rsa(_, let modulus) = listed.key?.material, modulus.bitLength < 1024 {
                continue
            }
            for (index, subject) in subjects.enumerated() where answers[index] != .key {
                if subject.keyBlob == listed.keyBlob {
                    answers[index] = .key
                } else if subject.certificate?.authorityBlob == listed.keyBlob {
                    answers[index] = .authorityKey
                }
            }
        }
        return answers
    }
}

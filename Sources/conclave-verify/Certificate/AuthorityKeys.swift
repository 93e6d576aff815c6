// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

/// The CA keys that a person named, each with the file that it stands in.
struct AuthorityKeys: Sendable {
    /// The most bytes of a file of keys.
    static let maximumBytes = 1_024 * 1_024

    private var files: [PublicKey: String] = [:]

    /// Whether no key was named.
    var isEmpty: Bool { files.isEmpty }

    /// Begins with no key.
    init() {}

    /// Takes in a file of public keys, one a line, as `TrustedUserCAKeys` of sshd has them; empty
    /// lines and those that begin with `#` are skipped.
    ///
    /// - Throws: all `Violations`; a file without a key is refused.
    mutating func add(_ bytes: [UInt8], path: String) throws(Violations) {
        var violations: [Violation] = []
        var count = 0
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && line.first != 0x23 {
            do throws(FormatError) {
                let key = try PublicKey(line: String(decoding: line, as: UTF8.self))
                if files[key] == nil { files[key] = path }
                count += 1
            } catch {
                violations.append(
                    Violation(.signature, line: index + 1, "it is not a public key: \(error)"))
            }
        }
        if count == 0, violations.isEmpty {
            violations.append(Violation(.signature, "it holds no public key"))
        }
        try Violations.raise(violations)
    }

    /// The file in which a key stands; nil where nobody named the key.
    func file(of key: PublicKey) -> String? { files[key] }
}

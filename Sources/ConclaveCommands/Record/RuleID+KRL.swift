// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// The rules of revocation lists and of the specifications that they are made from.
extension RuleID {
    /// A line of a specification is one that is known, of at most 1 MiB, without NUL bytes.
    static let krlLine = RuleID("KRL-LINE")
    /// A serial is 1 to 2^64-1, and a range ascends.
    static let krlSerial = RuleID("KRL-SERIAL")
    /// Serials and key IDs are those of an authority, which is named by its plain key.
    static let krlAuthority = RuleID("KRL-AUTHORITY")
    /// A key or certificate can be read, and the certificate's authority signed it.
    static let krlKey = RuleID("KRL-KEY")
    /// A hash is `SHA256:` and the Base64 of 32 bytes.
    static let krlHash = RuleID("KRL-HASH")
    /// A list's version is greater than that of the list in whose place it is put.
    static let krlVersion = RuleID("KRL-VERSION")
    /// A list that is updated or replaced can be read.
    static let krlRead = RuleID("KRL-READ")
    /// A list that is written is one that every release of OpenSSH since 7.9 reads.
    static let krlWrite = RuleID("KRL-WRITE")
    /// A list reads back, by the independent reader, as what was written.
    static let krlReadBack = RuleID("KRL-READ-BACK")
}

extension RevocationSpecificationError {
    /// The line's breach of its rule.
    var violation: Violation {
        let id: RuleID =
            switch rule {
            case .line: .krlLine
            case .serial: .krlSerial
            case .authority: .krlAuthority
            case .key: .krlKey
            case .hash: .krlHash
            }
        let hint =
            rule == .authority
            ? "name it with --authority FILE, or with a line \"authority: KEY\" above" : nil
        return Violation(id, "\(quoted(file)):\(line): \(reason)", hint: hint)
    }
}

extension RevocationSpecificationFaults {
    /// The breach of each line, and how many more there are.
    var violations: [Violation] {
        var violations = all.map(\.violation)
        if untold > 0, let first = all.first {
            violations.append(
                Violation(
                    .krlLine, "\(quoted(first.file)): \(counted(untold, "more line")) at fault"))
        }
        return violations
    }
}

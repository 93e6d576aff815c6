// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Glibc
import Issuance
import PKCS11Token
import SSHFormats
import Spool
import Token

/// Reading values of ours from arguments.
enum ArgumentValue {
    /// A time span such as `30d`.
    static func span(_ text: String) throws -> TimeSpan {
        guard let span = TimeSpan(text: text) else {
            throw ValidationError("\(quoted(text)) is not a time span such as 12h or 30d")
        }
        return span
    }

    /// A kind of CA key.
    static func keyKind(_ text: String) throws -> CAKeyKind {
        guard let kind = CAKeyKind(rawValue: text) else {
            let known = CAKeyKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(quoted(text)) is not one of \(known)")
        }
        return kind
    }
}

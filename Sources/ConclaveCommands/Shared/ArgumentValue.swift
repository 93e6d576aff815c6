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

    /// A date such as `2027-03-01`, which there is.
    static func date(_ text: String) throws -> String {
        guard UnixTime(text: text + "T00:00:00Z") != nil else {
            throw ValidationError("\(quoted(text)) is not a date such as 2027-03-01")
        }
        return text
    }

    /// A zone such as `+01:00` or `-0530`: seconds east of UTC.
    static func zone(_ text: String) throws -> Int {
        let digits = text.dropFirst().filter { $0 != ":" }
        guard let sign = text.first, "+-".contains(sign), digits.utf8.count == 4,
            text.utf8.count <= 6, let number = Int(digits), (0..<2_400).contains(number),
            number % 100 < 60
        else { throw ValidationError("\(quoted(text)) is not an offset such as +01:00") }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return sign == "-" ? -seconds : seconds
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

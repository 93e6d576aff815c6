// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

/// The certificate that a line of sshd's log names.
///
/// sshd ends a line with `… ID <key ID> (serial <serial>) CA <kind> SHA256:<fingerprint>`; a key ID
/// that a template of ours made has no blank in it. Only the line's end counts: what stands before
/// it, the name of the account above all, is the word of whoever wanted to log in.
public struct SSHDLogLine: Hashable, Sendable {
    /// The certificate's key ID.
    public let keyID: String
    /// The certificate's serial.
    public let serial: UInt64
    /// The fingerprint of the CA key.
    public let authorityKey: String

    /// Reads a line, or answers nil where it names no certificate.
    public init?(_ line: String) {
        var words = line.split(whereSeparator: \.isWhitespace)
        // What the process before a login writes bears this mark behind its words.
        if words.last == "[preauth]" { words.removeLast() }
        let end = Array(words.suffix(7))
        guard end.count == 7, end[0] == "ID", end[2] == "(serial", end[3].hasSuffix(")"),
            end[4] == "CA", let serial = parseDecimal(String(end[3].dropLast()))
        else { return nil }
        keyID = String(end[1])
        self.serial = serial
        authorityKey = String(end[6])
    }
}

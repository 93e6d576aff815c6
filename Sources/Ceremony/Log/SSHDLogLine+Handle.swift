// SPDX-License-Identifier: Apache-2.0
import Documents

extension SSHDLogLine {
    /// Reads a line, or the end of one, as a person hands it over; nil where it names no certificate.
    ///
    /// Whoever asks about a line has picked it: it needs no header, nor be of a known kind, as long
    /// as it ends as sshd ends the naming of a certificate.
    public init?(handle: String) {
        let bytes = Array(handle.utf8)
        let line = LogLine(bytes[...], clock: LogClock(now: .latest))
        if case .certificate(let named) = Self.read(line.message) {
            self = named
            return
        }
        var words = handle.split(whereSeparator: \.isWhitespace)
        if words.last == "[preauth]" { words.removeLast() }
        let end = Array(words.suffix(7))
        guard end.count == 7, end[0] == "ID", end[2] == "(serial", end[3].hasSuffix(")"),
            end[4] == "CA", let serial = parseDecimal(String(end[3].dropLast()))
        else { return nil }
        self.init(
            event: .failed, isHostbased: false, account: nil, source: nil, subjectKey: nil,
            keyID: String(end[1]), serial: serial, authorityKey: String(end[6]))
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import SSHFormats
import Spool

/// Follows a handle back to where it came from, or judges a log.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow a certificate back to its request; judge a log of sshd by the ledger.",
        discussion: """
            conclave trace --home ca 'users@example.org 3'
            conclave trace --home ca alice-cert.pub
            conclave trace --home ca --log auth.log
            journalctl -u ssh -o short-iso | conclave trace --home ca --log -

            A handle is a serial, with its authority or without, a key ID, the fingerprint of a \
            certified key, a request's ID or its beginning, a principal, a line of sshd's log, or \
            the file of a certificate or a public key; - reads handles from standard input. Exit \
            status 3 where a handle leads nowhere.

            Of a log, each line about a certificate is judged, and what is not as it should be is \
            told: exit status 2 where there is any such thing, 4 where no line names a certificate.
            """)

    @OptionGroup var home: HomeReadingOptions

    @Argument(help: "The handle, or - to read handles from standard input.")
    var handle: String?

    @Option(help: ArgumentHelp("Judge this log, or - for standard input.", valueName: "file"))
    var log: String?

    @Flag(help: "With --log: tell of lines that are as they should be, too.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "With --log: the fingerprint of a CA key that hosts trust as well.",
            valueName: "fingerprint"))
    var otherCA: [String] = []

    @Option(
        help: ArgumentHelp("With --log: the year of lines that name none.", valueName: "year"))
    var year: UInt64?

    @Option(
        help: ArgumentHelp(
            "With --log: the zone of lines that name none, as +01:00; UTC without it.",
            valueName: "offset"),
        transform: ArgumentValue.zone)
    var zone: Int?

    @Flag(help: "Answer as JSON, one object a line.")
    var json = false

    mutating func validate() throws {
        guard (handle == nil) != (log == nil) else {
            throw ValidationError("name either a handle or --log")
        }
        guard handle.map({ !$0.allSatisfy(\.isWhitespace) }) ?? true else {
            throw ValidationError("the handle is empty")
        }
        guard log != nil || (!all && otherCA.isEmpty && year == nil && zone == nil) else {
            throw ValidationError("--all, --other-ca, --year and --zone belong to --log")
        }
        guard year.map({ (1_970...9_999).contains($0) }) ?? true else {
            throw ValidationError("--year is not from 1970 to 9999")
        }
    }

    func run() throws {
        let home = try home.read()
        if let log {
            let clock = LogClock(now: home.now(), offset: zone ?? 0, year: year)
            let monitor = LogMonitor(home: home, clock: clock, otherAuthorities: Set(otherCA))
            try LogScreen(isJSON: json, showsAll: all).judge(log, by: monitor)
            return
        }
        var handles = [handle ?? ""]
        if handle == "-" {
            handles = []
            while let line = readLine() { handles.append(line) }
        }
        let screen = TraceScreen(home: home, isJSON: json)
        var lost = false
        for handle in handles where !handle.allSatisfy(\.isWhitespace) {
            if try !screen.show(handle) { lost = true }
        }
        if lost { throw ExitStatus.refused }
    }
}

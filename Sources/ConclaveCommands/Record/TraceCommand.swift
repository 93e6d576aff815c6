// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents

/// Follows a handle back to where it came from.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow a serial, key ID, fingerprint or line of sshd's log back to its request.",
        discussion: """
            conclave trace --home ca 'users@example.org 3'
            journalctl -u ssh | grep 'Accepted publickey' | conclave trace --home ca -
            Exit status 3 where a handle leads nowhere.
            """)

    @OptionGroup var home: HomeReadingOptions

    @Argument(help: "The handle, or - to read lines from standard input.")
    var handle: String

    func run() throws {
        let home = try home.read()
        let trace = Trace(home: home)
        var handles = [handle]
        if handle == "-" {
            handles = []
            while let line = readLine() { handles.append(line) }
        }
        var lost = false
        for handle in handles where !handle.allSatisfy(\.isWhitespace) {
            let accounts = try trace.accounts(of: handle, at: home.now())
            if accounts.isEmpty {
                lost = true
                Screen.line("nothing in the ledger leads to \(quoted(handle))")
                Screen.line("  a certificate that is not in the ledger was not issued by this home")
            }
            for account in accounts { Screen.line(account) }
        }
        if lost { throw ExitStatus.refused }
    }
}

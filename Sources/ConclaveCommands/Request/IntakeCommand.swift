// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto

/// Takes the spool in.
struct IntakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Take the spool in: each file admitted, or refused with all its violations.",
        discussion: """
            conclave intake --home ca --spool /media/requests
            Files stay where they are. Exit status 3 where something was refused.
            """)

    @OptionGroup var home: HomeOptions

    @Option(help: ArgumentHelp("The directory with request files.", valueName: "dir"))
    var spool: String

    @Flag(help: "Write one JSON object a file.")
    var json = false

    func run() throws {
        var admitted = 0
        var refused = 0
        try home.change("intake") { home in
            var intake = Intake(home: home)
            try intake.run(spool: spool) { verdict in
                switch verdict.result {
                case .success: admitted += 1
                case .failure: refused += 1
                }
                json ? showJSON(verdict) : show(verdict)
            }
        }
        if !json { Screen.line("\(admitted) admitted, \(refused) refused") }
        if refused > 0 { throw ExitStatus.refused }
        if admitted == 0 { throw ExitStatus.nothing }
    }

    private func show(_ verdict: Intake.Verdict) {
        switch verdict.result {
        case .success(let request):
            Screen.line("admitted  \(verdict.name)  \(request.id.hex.prefix(16))")
        case .failure(let violations):
            Screen.line("refused   \(verdict.name)")
            for line in Failure.lines(violations.all) { Screen.line("  \(line)") }
        }
    }

    private func showJSON(_ verdict: Intake.Verdict) {
        switch verdict.result {
        case .success(let request):
            Screen.line(
                JSONText.object([
                    ("name", .string(verdict.name)), ("admitted", .boolean(true)),
                    ("request", .string(request.id.hex)),
                ]).text)
        case .failure(let violations):
            let list = violations.all.map { violation -> JSONText in
                var members: [(String, JSONText)] = [
                    ("rule", .string(violation.rule.name)),
                    ("message", .string(violation.message)),
                ]
                if let line = violation.line { members.append(("line", .number(UInt64(line)))) }
                if let hint = violation.hint { members.append(("hint", .string(hint))) }
                return .object(members)
            }
            Screen.line(
                JSONText.object([
                    ("name", .string(verdict.name)), ("admitted", .boolean(false)),
                    ("violations", .array(list)),
                ]).text)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Runs the ceremony's own validator over requests.
struct RequestCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Check requests as the ceremony would: form, proof, and policy where one is given.",
        discussion: "conclave request check --policy policy.yaml alice.req")

    @Option(help: ArgumentHelp("The policy, as YAML or as canonical text.", valueName: "file"))
    var policy: String?

    @Option(help: ArgumentHelp("A home whose policy and history decide.", valueName: "dir"))
    var home: String?

    @Argument(help: "The requests' files.")
    var files: [String]

    func run() throws {
        var policy: Policy?
        var history = IssuanceHistory()
        var known: Home?
        if let path = self.policy {
            policy =
                Document.kind(of: try InputFile.read(path)) == "policy"
                ? try Policy(text: InputFile.read(path)) : try ConfigurationInput.policy(path)
        } else if let home {
            let home = try Home.read(home, surroundings: .machine)
            policy = home.state.policy
            history = home.state.history
            known = home
        }
        var refused = false
        for file in files {
            do {
                let request = try RequestInput.read(file)
                if try known?.isAdmitted(request) == true {
                    history.admittedRequests.insert(request.id)
                }
                if let policy {
                    let time = Surroundings.machine.now()
                    if case .refused(let violations) = policy.decide(
                        request, at: time, history: history)
                    {
                        throw RunnerError.refused(subject: "\"\(file)\"", violations)
                    }
                    Screen.line("fine      \(file)  would be admitted")
                } else {
                    Screen.line("fine      \(file)  form and proof hold; no policy was given")
                }
            } catch let error as RunnerError {
                refused = true
                Screen.line("refused   \(file)")
                for line in Failure(error)?.lines ?? [] { Screen.line("  \(line)") }
            }
        }
        if refused { throw ExitStatus.refused }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Commands for those who ask for certificates.
struct RequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Make, show and check requests; plain OpenSSH can make them too.",
        subcommands: [RequestNewCommand.self, RequestShowCommand.self, RequestCheckCommand.self])
}

/// Makes a request and has it signed by the key to be certified.
struct RequestNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a request, signed by the key to be certified.",
        discussion: """
            conclave request new --authority users@example.org --profile staff \\
              --principal alice --key ~/.ssh/id_ed25519 --output alice.req
            """)

    @Option(help: "The authority that is asked.")
    var authority: String

    @Option(help: "The profile of its policy.")
    var profile: String

    @Option(help: ArgumentHelp("A name to be certified; once for each.", valueName: "name"))
    var principal: [String]

    @Option(help: "What is to be certified: user or host.")
    var type: String = "user"

    @Option(help: ArgumentHelp("How long: 7d, or FROM/TO.", valueName: "span"))
    var validity: String?

    @Option(
        help: ArgumentHelp("An option to be certified; once for each.", valueName: "name[=value]"))
    var option: [String] = []

    @Option(help: "Who asks.")
    var requester: String?

    @Option(help: "What for.")
    var purpose: String?

    @Option(help: ArgumentHelp("A host's consent to renewal until then.", valueName: "time"))
    var renewableUntil: String?

    @Option(
        help: ArgumentHelp(
            "The private key, or a .pub file whose key is in the agent.", valueName: "file"))
    var key: String

    @Option(
        help: ArgumentHelp(
            "The library through which OpenSSH reaches FIDO keys.", valueName: "path"))
    var skProvider: String?

    @Option(help: ArgumentHelp("Where to write the request.", valueName: "file"))
    var output: String

    func run() async throws {
        var writer = DocumentWriter(kind: "request")
        writer.field("authority", authority)
        writer.field("type", type)
        writer.field("public-key", try InputFile.publicKey(key).line)
        for name in principal { writer.field("principal", name) }
        writer.field("profile", profile)
        if let validity { writer.field("validity", validity) }
        for option in option { writer.field("option", option) }
        writer.field("created", Surroundings.machine.now().text)
        writer.field("nonce", Hex.encode(try Surroundings.machine.random(16)))
        if let requester { writer.field("requester", requester) }
        if let purpose { writer.field("purpose", purpose) }
        if let renewableUntil { writer.field("renewable-until", renewableUntil) }
        let text = try writer.finish()
        let signer = SSHKeygenSigner(key: key, securityKeyProvider: skProvider)
        let armored = try await signer.sign(text, namespace: CertificateRequest.namespace)
        let request = try CertificateRequest(file: text + armored)
        try DurableFile.create(output, request.file, mode: 0o644)
        Screen.line("request \(request.id.hex)")
        Screen.line("written: \(output)")
    }
}

/// Shows a request.
struct RequestShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a request asks for, and whether its signature holds.",
        discussion: "conclave request show alice.req")

    @Argument(help: "The request's file.")
    var file: String

    func run() throws {
        let request = try RequestInput.read(file)
        Screen.line("request      \(request.id.hex)")
        Screen.line("authority    \(request.authority), profile \(request.profile)")
        Screen.line("type         \(request.kind.name)")
        Screen.line(
            "key          \(request.publicKey.fingerprint) (\(request.publicKey.kind.shortName))")
        Screen.line("principals   \(request.principals.joined(separator: ", "))")
        Screen.line("validity     \(request.validity?.text ?? "the profile's default")")
        if !request.options.texts.isEmpty {
            Screen.line("options      \(request.options.texts.joined(separator: " "))")
        }
        Screen.line("created      \(request.created.text)")
        if let requester = request.requester { Screen.line("requester    \(requester)") }
        if let purpose = request.purpose { Screen.line("purpose      \(purpose)") }
        if let until = request.renewableUntil { Screen.line("renewable    until \(until.text)") }
        Screen.line("proof        the key itself signed the request")
    }
}

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
        if let path = self.policy {
            policy =
                Document.kind(of: try InputFile.read(path)) == "policy"
                ? try Policy(text: InputFile.read(path)) : try ConfigurationInput.policy(path)
        } else if let home {
            let state = try Home.read(home, surroundings: .machine).state
            policy = state.policy
            history = state.history
        }
        var refused = false
        for file in files {
            do {
                let request = try RequestInput.read(file)
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

/// Reads request files that a person names.
enum RequestInput {
    static func read(_ path: String) throws -> CertificateRequest {
        let file = try InputFile.read(path, limit: Intake.maximumFileSize)
        var signature: [UInt8]?
        if SSHSIG.splitArmor(from: file) == nil {
            do throws(FileError) {
                signature = try InputFile.read(path + ".sig", limit: 32_768)
            } catch {
                signature = nil
            }
        }
        do throws(Violations) {
            return try CertificateRequest(file: file, signatureFile: signature)
        } catch {
            throw RunnerError.refused(subject: "\"\(path)\"", error.all)
        }
    }
}

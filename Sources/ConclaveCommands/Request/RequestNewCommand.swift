// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

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

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import Issuance
import SSHCrypto
import SSHFormats

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

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// `conclave-verify signature verify`: whether somebody who may sign a message did.
struct VerifySignatureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify that an allowed signer signed a message.",
        discussion: """
            The first line is the one that ssh-keygen -Y verify writes. A FIDO token must have \
            been touched, unless its certificate says no-touch-required.

            Example: conclave-verify signature verify -f allowed_signers -I alice@example.org \
            -n file -s report.txt.sig report.txt
            """)

    @OptionGroup var list: AllowedSignersOption
    @OptionGroup var signature: SignatureFileOption
    @OptionGroup var times: TimeOptions

    @Option(
        name: [.customShort("I"), .customLong("identity")], parsing: .unconditional,
        help: ArgumentHelp("As whom it must be signed.", valueName: "name"))
    var identity: String

    @Option(
        name: [.customShort("n"), .customLong("namespace")], parsing: .unconditional,
        help: ArgumentHelp("What it must be signed for.", valueName: "name"))
    var namespace: String

    @Option(
        name: [.customShort("r"), .customLong("revoked")], parsing: .unconditional,
        help: ArgumentHelp(
            "A revocation list (KRL), or public keys, one a line, that count no more.",
            valueName: "file"))
    var revoked: String?

    @Flag(help: "Demand that a FIDO token verified its user, by PIN or finger.")
    var requireVerification = false

    @Flag(help: "Take signatures of FIDO tokens that nobody touched, as ssh-keygen does.")
    var allowUntouched = false

    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Write no report.")
    var quiet = false

    @Flag(help: "Write the report as JSON.")
    var json = false

    @Argument(help: "The message; standard input, if not given.")
    var message: String?

    mutating func run() throws {
        try reporting {
            let report: SignatureReport
            do {
                report = try judge()
            } catch let refused as RefusedFile {
                if !quiet {
                    try StandardStream.output.write(
                        line: json
                            ? SignatureReport.json(refused, of: signature.path).text
                            : SignatureReport.couldNot)
                }
                throw refused
            }
            if !report.isGood { complain(report.complaints) }
            if !quiet {
                try StandardStream.output.write(
                    line: json ? report.json.text : report.lines.joined(separator: "\n"))
            }
            if times.printsKey, report.isGood, !json {
                try StandardStream.output.write(line: report.signature.signer.line)
            }
            return report.isGood
        }
    }

    private func judge() throws -> SignatureReport {
        let sshsig = try SignatureFiles.signature(signature.path)
        let allowedSigners = try SignatureFiles.allowedSigners(list)
        let revokedKeys = try revoked.map { try SignatureFiles.revokedKeys($0) }
        let demand = SignatureDemand(
            identity: identity, namespace: namespace, time: try times.time().moment.seconds,
            requiresUserPresence: !allowUntouched, requiresUserVerification: requireVerification)
        let hash = try Message(message).hash(sshsig.hashAlgorithm)
        let verdict: SignatureReport.Verdict
        do throws(SignatureRefusal) {
            verdict = .good(
                try allowedSigners.verify(
                    sshsig, messageHash: hash, demand: demand, revoked: revokedKeys))
        } catch {
            verdict = .refused(error)
        }
        return SignatureReport(
            signature: sshsig, path: signature.path, demand: demand, verdict: verdict,
            allowedSigners: allowedSigners, listPath: list.path, revokedPath: revoked)
    }
}

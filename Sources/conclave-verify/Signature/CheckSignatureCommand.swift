// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// `conclave-verify signature check-novalidate`: whether a signature is genuine, whoever made it.
struct CheckSignatureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-novalidate",
        abstract: "Check that a signature is genuine, without asking who may sign.",
        discussion: """
            As ssh-keygen -Y check-novalidate does. Anybody can make such a signature.

            Example: conclave-verify signature check-novalidate -n file -s report.txt.sig report.txt
            """)

    @OptionGroup var signature: SignatureFileOption
    @OptionGroup var times: TimeOptions

    @Option(
        name: [.customShort("n"), .customLong("namespace")], parsing: .unconditional,
        help: ArgumentHelp("What it must be signed for.", valueName: "name"))
    var namespace: String

    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Write no report.")
    var quiet = false

    @Argument(help: "The message; standard input, if not given.")
    var message: String?

    mutating func run() throws {
        try reporting {
            var lines: [String] = []
            var isGood = true
            do {
                let sshsig = try SignatureFiles.signature(signature.path)
                let hash = try Message(message).hash(sshsig.hashAlgorithm)
                let verified = try sshsig.verify(messageHash: hash, namespace: namespace)
                lines = [
                    SignatureReport.headline(sshsig, namespace: namespace, identity: nil)
                ]
                lines += SignatureReport.describe(sshsig, verified)
                lines.append(SignatureReport.line("signer", "not looked at: it may be anybody"))
                if times.printsKey { lines.append(sshsig.signer.line) }
            } catch let error as SSHCryptoError {
                let fault = SignatureRefusal.Fault.Reason.signature(error)
                complain(["\(shownPath(signature.path)): \(error) (\(fault.rule.name))"])
                isGood = false
            } catch let refused as RefusedFile {
                complain(refused.lines)
                isGood = false
            }
            if !quiet {
                try StandardStream.output.write(
                    line: isGood ? lines.joined(separator: "\n") : SignatureReport.couldNot)
            }
            return isGood
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// `conclave-verify signature find-principals`: as whom a signature may have been made.
struct FindPrincipalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find-principals",
        abstract: "Find as whom the signer of a signature may sign, one name a line.",
        discussion: """
            As ssh-keygen -Y find-principals does. Neither the message nor what is revoked is \
            looked at: verify the signature for the name that you find.

            Example: conclave-verify signature find-principals -f allowed_signers -s report.txt.sig
            """)

    @OptionGroup var list: AllowedSignersOption
    @OptionGroup var signature: SignatureFileOption
    @OptionGroup var times: TimeOptions

    mutating func run() throws {
        try reporting {
            let sshsig = try SignatureFiles.signature(signature.path)
            let allowedSigners = try SignatureFiles.allowedSigners(list)
            let time = try times.time().moment.seconds
            let found: AllowedSigners.FoundPrincipals
            do throws(SignatureRefusal) {
                found = try allowedSigners.findPrincipals(for: sshsig, at: time)
            } catch {
                complain(SignatureReport.lines(error, of: list.path))
                try StandardStream.errors.write(line: "No principal matched.")
                return false
            }
            try StandardStream.output.write(
                line: found.names.map(shownText).joined(separator: "\n"))
            return true
        }
    }
}

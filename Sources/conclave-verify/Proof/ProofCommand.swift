// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ledger
import SSHCrypto

/// `conclave-verify proof`: checks that a ledger recorded one certificate, without the bundle.
struct ProofCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract: "Check that a certificate is in the ledger that a checkpoint is of.",
        discussion: """
            A bundle holds a proof beside each certificate, and conclave ledger prove makes one. It \
            leads to a checkpoint, and is worth as much as that: give one with --checkpoint that \
            officers signed and that does not come with the certificate, and the home's identity \
            with --genesis. Who signed the certificate, and whether it is valid: conclave-verify \
            certificate.

            Example: conclave-verify proof web1-cert.pub --checkpoint checkpoint.txt
            """)

    @Argument(help: "The certificate.")
    var certificate: String

    @Option(
        help: ArgumentHelp(
            "The proof; if not given, the file beside the certificate whose name ends in "
                + "\(BundleCheck.proofEnding).", valueName: "file"))
    var proof: String?

    @Option(
        help: ArgumentHelp("A checkpoint that officers vouch for.", valueName: "file"))
    var checkpoint: String?

    @Option(
        help: ArgumentHelp(
            "The home's identity: the SHA-256 of its genesis, 64 lower-case hex digits.",
            valueName: "hex"),
        transform: genesisDigest)
    var genesis: SHA256Digest?

    @Flag(help: "Write the report as JSON.")
    var json = false

    func validate() throws {
        if proof == nil, !certificate.hasSuffix(".pub") {
            throw ValidationError("give --proof: the certificate's name does not end in .pub")
        }
    }

    mutating func run() throws {
        try reporting {
            let proof =
                self.proof ?? String(certificate.dropLast(".pub".count))
                + BundleCheck.proofEnding
            let check = try ProofCheck(
                certificate: NamedFile(certificate, limit: CertificateInput.maximumBytes),
                proof: NamedFile(proof, limit: LogProof.maximumBytes),
                checkpoint: checkpoint.map { try NamedFile($0, limit: Checkpoint.maximumBytes) },
                pinned: genesis)
            let text =
                json
                ? check.json.text
                : (check.findings.all.map(\.line) + ["", check.verdict]).joined(separator: "\n")
            try StandardStream.output.write(line: text)
            return check.findings.isSound
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The auditor's program: it checks what Conclave hands out, and shares with it the formats alone.
@main
struct ConclaveVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conclave-verify",
        abstract:
            "Checks bundles, ledgers, certificates, batches and signatures, without the home.",
        discussion: """
            It reads files and writes to standard output, and does nothing else. Exit status: 0 \
            where all is as it should be, 2 where something is not, 1 where a file cannot be read, \
            64 for wrong usage.
            """,
        version: "conclave-verify 0.1.0",
        subcommands: [
            BundleCommand.self, LedgerCommand.self, CertificateCommand.self, BatchCommand.self,
            ProofCommand.self, SignatureCommand.self, WordsCommand.self,
        ])

    static func main() {
        main(KeygenArguments.translated(Array(CommandLine.arguments.dropFirst())))
    }
}

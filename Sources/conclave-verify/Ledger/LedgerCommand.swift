// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import Ledger
import SSHCrypto

/// `conclave-verify ledger`: checks a whole ledger that was exported.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Check an exported ledger: every entry, text, signature, certificate and proof.",
        discussion: """
            Give the home's identity with --genesis, and every checkpoint that you kept with \
            --checkpoint: the ledger must be of that home, and must have grown out of each of them.

            Example: conclave-verify ledger /media/usb/ledger --genesis 5df6e0e2… \
            --checkpoint last-year.txt
            """)

    @Argument(help: "The directory of the export.")
    var directory: String

    @Option(
        help: ArgumentHelp(
            "The home's identity: the SHA-256 of its genesis, 64 lower-case hex digits.",
            valueName: "hex"),
        transform: genesisDigest)
    var genesis: SHA256Digest?

    @Option(
        name: .customLong("checkpoint"), parsing: .singleValue,
        help: ArgumentHelp(
            "A checkpoint from elsewhere, such as audit/checkpoint.txt of a bundle; may be given "
                + "again.", valueName: "file"))
    var checkpoints: [String] = []

    @Flag(help: "Write the report as JSON.")
    var json = false

    mutating func run() throws {
        try reporting {
            var known: [(path: String, checkpoint: Checkpoint)] = []
            for path in checkpoints {
                let bytes = try NamedFile(path, limit: Checkpoint.maximumBytes).contents
                do throws(Violations) {
                    known.append((path, try Checkpoint(parsing: bytes)))
                } catch {
                    throw RefusedFile(path, error)
                }
            }
            let check = try LedgerCheck(
                ExportFolder(path: directory), pinned: genesis, known: known)
            let text =
                json
                ? check.json.text
                : (check.findings.all.map(\.line) + ["", check.verdict]).joined(separator: "\n")
            try StandardStream.output.write(line: text)
            return check.isSound
        }
    }
}

extension LedgerCheck {
    /// The report for a program.
    var json: JSON {
        .object([
            .init("ledger", .string(folder.path)),
            .init("sound", .bool(isSound)),
            .init("pinned", .bool(pinned != nil)),
            .init("home", .optional(checkpoint?.genesis.hex)),
            .init("entries", .optional(checkpoint.map { String($0.size) })),
            .init("root", .optional(checkpoint?.root.hex)),
            .init("certificates", .number(replay.certificates)),
            .init("faults", .number(findings.faults.count)),
            .init("findings", findings.json),
            .init("verdict", .string(verdict)),
        ])
    }
}

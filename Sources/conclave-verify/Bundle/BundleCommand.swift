// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SSHCrypto

/// `conclave-verify bundle`: checks all that a ceremony handed out.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Check a bundle: files, signatures, approvals, certificates, ledger entries.",
        discussion: """
            Every fault is named with its file and its rule. Give the home's identity with \
            --genesis, from a source that is not the bundle: without it, a bundle of another home \
            that is sound in itself passes too. Give the bundle before with --previous, and \
            those before it: the ledger must have grown out of theirs.

            Example: conclave-verify bundle /media/usb/conclave-0002 --genesis 5df6e0e2… \
            --previous archive/conclave-0001
            """)

    @Argument(help: "The directory of the bundle.")
    var directory: String

    @Option(
        help: ArgumentHelp(
            "The home's identity: the SHA-256 of its genesis, 64 lower-case hex digits.",
            valueName: "hex"),
        transform: genesisDigest)
    var genesis: SHA256Digest?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A bundle before this one, or a checkpoint that was kept; may be given again.",
            valueName: "dir"))
    var previous: [String] = []

    @Flag(help: "Write the report as JSON.")
    var json = false

    mutating func run() throws {
        try reporting {
            let check = BundleCheck(
                try BundleFiles(reading: directory), pinned: genesis,
                earlier: try previous.map { try EarlierCheckpoint(reading: $0) })
            let text =
                json
                ? check.json(directory: directory).text
                : (check.findings.all.map(\.line) + ["", check.verdict]).joined(separator: "\n")
            try StandardStream.output.write(line: text)
            return check.isSound
        }
    }
}

/// A home's identity as it is given on the command line.
@Sendable func genesisDigest(_ text: String) throws -> SHA256Digest {
    guard let digest = SHA256Digest(hex: text) else {
        throw ValidationError("it is not a SHA-256 of 64 lower-case hex digits")
    }
    return digest
}

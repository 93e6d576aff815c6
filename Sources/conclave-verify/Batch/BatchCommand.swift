// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents

/// `conclave-verify batch`: rebuilds from a manifest alone what a ceremony will sign.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Rebuild from a manifest the bytes to be signed, and compare their digests.",
        discussion: """
            For an officer, before approving, on a machine of the officer's own. With --approval \
            and --roster it also says whose approvals they are, and whether they are enough.

            Example: conclave-verify batch 0001.batch --approval 0001.batch.sig --roster roster.txt
            """)

    /// The most bytes of an approval.
    private static let maximumSignatureBytes = 65_536

    @Argument(help: "The manifest.")
    var file: String

    @Option(
        name: .customLong("approval"), parsing: .singleValue,
        help: ArgumentHelp(
            "An officer's signature over the manifest; may be given again.", valueName: "file"))
    var approvals: [String] = []

    @Option(
        help: ArgumentHelp(
            "The roster in its canonical form, such as audit/roster.txt of a bundle.",
            valueName: "file"))
    var roster: String?

    mutating func validate() throws {
        if approvals.isEmpty != (roster == nil) {
            throw ValidationError("--approval and --roster go together")
        }
    }

    mutating func run() throws {
        try reporting {
            var report = BatchReport(
                file: try NamedFile(file, limit: BatchReport.maximumBytes).contents, path: file)
            if let roster {
                let bytes = try NamedFile(roster, limit: BatchReport.maximumBytes).contents
                var signatures: [BatchReport.Signature] = []
                for path in approvals {
                    signatures.append(
                        BatchReport.Signature(
                            path: path,
                            armored: try NamedFile(path, limit: Self.maximumSignatureBytes).contents
                        ))
                }
                report.judge(approvals: signatures, roster: bytes, rosterPath: roster)
            }
            try StandardStream.output.write(line: report.lines.joined(separator: "\n"))
            return report.findings.isSound
        }
    }
}

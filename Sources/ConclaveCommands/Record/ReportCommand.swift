// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Reports
import Spool

/// Makes the report of a ceremony again, byte for byte.
struct ReportCommand: ParsableCommand {
    /// How a report is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
        case html
    }

    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make the report of a ceremony again, from the ledger, byte for byte.",
        discussion: """
            conclave report --home ca 1
            conclave report --home ca 1 --format html --output ceremony-1.html
            It is the report.txt, report.json or report.html of the ceremony's bundle. The page is \
            made to be printed on A4, and has room for signatures by hand.
            """)

    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @Option(help: "How to write it.")
    var format = Format.text

    @Option(help: ArgumentHelp("Write it to this file.", valueName: "file"))
    var output: String?

    func run() throws {
        let report = try CeremonyReport(of: batch, in: StoredLedger(home: home))
        let text =
            switch format {
            case .text: report.text
            case .json: report.json
            case .html: report.html
            }
        guard let output else {
            Screen.write(text, to: 1)
            return
        }
        try DurableFile.create(output, Array(text.utf8), mode: 0o644)
        Screen.line("written      \(output)")
    }
}

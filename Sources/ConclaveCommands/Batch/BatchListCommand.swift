// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Lists the batches of a home.
struct BatchListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the batches of a home.",
        discussion: "conclave batch list --home ca")

    @OptionGroup var home: HomeReadingOptions

    @Flag(help: "Write one JSON object a batch.")
    var json = false

    func run() throws {
        let home = try home.read()
        let time = home.now()
        for batch in home.state.batches {
            let phase = batch.phase(at: time).rawValue
            let count = batch.manifest.items.count
            if json {
                Screen.line(
                    JSONText.object([
                        ("number", .number(batch.number)),
                        ("id", .string(batch.manifest.id.hex)), ("phase", .string(phase)),
                        ("items", .number(UInt64(count))),
                        ("issued", .number(UInt64(batch.issued.count))),
                        ("approvals", .array(batch.approvals.map { .string($0.approval.officer) })),
                        ("expires", .string(batch.manifest.header.expires.text)),
                    ]).text)
            } else {
                Screen.line(
                    "\(batch.number)  \(batch.manifest.id.hex.prefix(16))  \(phase), "
                        + "\(counted(count, "item")), "
                        + "\(counted(batch.approvals.count, "approval")), expires "
                        + batch.manifest.header.expires.text)
            }
        }
        if home.state.batches.isEmpty, !json { Screen.line("no batch was drafted yet") }
    }
}

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
        for batch in try home.listings() {
            let phase = batch.outline.phase(
                at: time, expires: batch.expires, epochs: home.state.epochs
            ).rawValue
            let count = batch.items
            if json {
                Screen.line(
                    JSONText.object([
                        ("number", .number(batch.outline.number)),
                        ("id", .string(batch.outline.id.hex)), ("phase", .string(phase)),
                        ("items", .number(UInt64(count))), ("issued", .number(batch.issued)),
                        ("approvals", .array(batch.outline.approvals.map { .string($0.officer) })),
                        ("expires", .string(batch.expires.text)),
                    ]).text)
            } else {
                Screen.line(
                    "\(batch.outline.number)  \(batch.outline.id.hex.prefix(16))  \(phase), "
                        + "\(counted(count, "item")), "
                        + "\(counted(batch.outline.approvals.count, "approval")), expires "
                        + batch.expires.text)
            }
        }
        if home.state.batchCount == 0, !json { Screen.line("no batch was drafted yet") }
    }
}

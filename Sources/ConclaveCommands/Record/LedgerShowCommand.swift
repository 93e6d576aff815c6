// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import LedgerStore

/// Shows entries.
struct LedgerShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the entries, or show one as it is.",
        discussion: "conclave ledger show --home ca 12")

    @OptionGroup var home: HomeReadingOptions

    @Argument(help: "The entry's number.")
    var entry: UInt64?

    func run() throws {
        let home = try home.read()
        if let entry {
            Screen.write(
                String(decoding: try home.store.entry(at: entry).bytes, as: UTF8.self), to: 1)
            return
        }
        try home.store.forEach(from: 0) { entry in
            let first = entry.blocks.first?.fields.first
            Screen.line(
                "\(entry.index)  \(entry.time.text)  \(entry.kind.rawValue)  "
                    + (first.map { "\($0.name) \($0.value.prefix(64))" } ?? ""))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import LedgerStore
import SSHCrypto

/// Commands about the ledger.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Show and verify the ledger.",
        subcommands: [
            LedgerShowCommand.self, LedgerVerifyCommand.self, LedgerCheckpointCommand.self,
        ])
}

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

/// Recomputes everything.
struct LedgerVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the whole ledger: texts, tree, signatures, state, checkpoints.",
        discussion: "conclave ledger verify --home ca")

    @OptionGroup var home: HomeReadingOptions

    func run() throws {
        let audit = try LedgerAudit(path: home.home)
        guard audit.faults.isEmpty, let checkpoint = audit.checkpoint else {
            Screen.error(audit.faults)
            throw ExitStatus.altered
        }
        Screen.line(
            "the ledger is sound: \(audit.size) entries, \(audit.certificates) certificates, "
                + "\(audit.checkpoints) checkpoints")
        Screen.line("root \(checkpoint.root.hex)")
    }
}

/// Prints the checkpoint.
struct LedgerCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print the ledger's checkpoint, in C2SP form.",
        discussion: "conclave ledger checkpoint --home ca")

    @OptionGroup var home: HomeReadingOptions

    func run() throws {
        let home = try home.read()
        let checkpoint = try CheckpointFile.checkpoint(of: home, size: home.store.size)
        Screen.write(checkpoint.text, to: 1)
    }
}

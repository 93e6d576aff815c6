// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Ledger
import LedgerStore
import SSHCrypto

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

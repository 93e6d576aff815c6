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
        discussion: """
            conclave ledger verify --home ca
            Whether policy, roster and revocation lists lead to each batch is judged when it is drafted \
            and before its ceremony; conclave-verify ledger judges it once more, of an export.
            """)

    @OptionGroup var home: HomeReadingOptions

    @Flag(
        inversion: .prefixedNo,
        help: "Verify signatures, replay what they allowed; without, texts and tree alone.")
    var signatures = true

    func run() throws {
        var progress = Progress("ledger entries", after: 0)
        let audit = try LedgerAudit(
            path: home.home, depth: signatures ? .whole : .withoutSignatures
        ) { done, total in progress.show(Int(clamping: done), of: Int(clamping: total)) }
        guard audit.faults.isEmpty, let checkpoint = audit.checkpoint else {
            Screen.error(
                audit.faults + [
                    "  hint: copy the home as it is, and keep the copy; go on from a backup, and take "
                        + "back what bundles have: conclave recover --home \(home.home) BUNDLE…"
                ])
            throw ExitStatus.altered
        }
        Screen.line(
            "the ledger is sound\(signatures ? "" : ", signatures apart"): \(audit.size) entries, "
                + "\(audit.certificates) certificates, \(audit.checkpoints) checkpoints")
        Screen.line("root \(checkpoint.root.hex)")
    }
}

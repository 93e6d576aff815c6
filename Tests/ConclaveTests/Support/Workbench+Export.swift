// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Workbench {
    /// Exports the ledger of the home `ca`, and has both verifiers find it sound, grown out of these bundles' checkpoints.
    ///
    /// - Throws: where one does not, or where no entry has this line.
    func checkExport(bundles: [String], holding line: String) throws {
        let given = bundles.map { "--checkpoint outbox/\($0)/audit/checkpoint.txt" }
            .joined(separator: " ")
        try run(
            """
            conclave ledger export --home ca export --sign-with officers/quinn
            grep -qx '\(line)' export/entries/*/*
            conclave-verify ledger export \(given)
            \(ExportedHome.python) export \(given)
            """)
    }

    /// Has both verifiers refuse the export after a command on its file of entries.
    ///
    /// - Throws: where one does not, or where the command changed nothing.
    func refuseExport(_ command: String) throws {
        try run(
            """
            rm -rf altered
            cp -r export altered
            \(command) altered/entries/*/*
            ! diff -rq export altered >difference
            """)
        for verifier in ["conclave-verify ledger", ExportedHome.python] {
            _ = try refuse(2, "\(verifier) altered")
        }
    }
}

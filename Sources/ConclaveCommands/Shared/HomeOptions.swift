// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Glibc
import Issuance
import PKCS11Token
import SSHFormats
import Spool
import Token

/// Which home a command changes.
struct HomeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Option(
        help: ArgumentHelp(
            "Confirm today's date, where the clock is far ahead of the last entry; it is recorded.",
            valueName: "yyyy-mm-dd"), transform: ArgumentValue.date)
    var today: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint that was kept elsewhere, which the home must not be behind: a bundle, a folder "
                + "of bundles, an export, or a checkpoint's file.",
            valueName: "path"))
    var anchor: [String] = []

    /// Opens the home to change it, for the length of `body`; `outbox` may hold earlier bundles.
    func change(
        _ command: String, outbox: String? = nil, passing: PassedAnchors = .none,
        isMended: Bool = false, _ body: (Home) throws -> Void
    ) throws {
        let home = try open(
            command, outbox: outbox, passing: passing, isMended: isMended)
        try body(home)
        try home.close()
    }

    /// Opens the home to change it, for the length of `body`; `outbox` may hold earlier bundles.
    func change(
        _ command: String, outbox: String? = nil, passing: PassedAnchors = .none,
        _ body: (Home) async throws -> Void
    ) async throws {
        let home = try open(command, outbox: outbox, passing: passing)
        try await body(home)
        try home.close()
    }

    /// Opens the home, and writes what a crash kept from being written beside the ledger.
    private func open(
        _ command: String, outbox: String?, passing: PassedAnchors, isMended: Bool = false
    ) throws -> Home {
        // That an outbox is not there, or is a file, is told where it is written to.
        let outbox = outbox.flatMap { unsafe access($0 + "/.", F_OK) == 0 ? $0 : nil }
        let home = try Home.open(
            home, program: "conclave \(command)", surroundings: .machine, confirmedDate: today,
            anchors: anchor, outbox: outbox, passing: passing, isMended: isMended)
        // One that is still to be given back what it lost is left as it is.
        for path in isMended ? [] : try BatchDrafting(home: home).restoreManifests() {
            Screen.note("a manifest was missing and is written again: \(path)")
        }
        return home
    }
}

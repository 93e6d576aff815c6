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
            valueName: "yyyy-mm-dd"))
    var today: String?

    /// Opens the home to change it, for the length of `body`.
    func change(_ command: String, _ body: (Home) throws -> Void) throws {
        let home = try Home.open(
            home, program: "conclave \(command)", surroundings: .machine,
            confirmedDate: today)
        try body(home)
        try home.close()
    }

    /// Opens the home to change it, for the length of `body`.
    func change(_ command: String, _ body: (Home) async throws -> Void) async throws {
        let home = try Home.open(
            home, program: "conclave \(command)", surroundings: .machine,
            confirmedDate: today)
        try await body(home)
        try home.close()
    }
}

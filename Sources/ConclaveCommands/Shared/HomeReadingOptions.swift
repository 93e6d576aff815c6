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

/// Which home a command looks at.
struct HomeReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    /// Opens the home to look at it.
    func read() throws -> Home {
        try Home.read(home, surroundings: .machine)
    }
}

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

/// Where the PIN comes from.
struct PINOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the PIN from this descriptor's first line; otherwise from the terminal.",
            valueName: "number"))
    var pinFD: Int32?

    @Flag(help: "Try the PIN although one more wrong try would lock the token.")
    var lastTry = false

    /// Looks at the descriptor before any file is opened: a later one of ours could get its number.
    ///
    /// No program that is started afterwards gets it: a file can be read once more by whoever has
    /// it open.
    mutating func validate() throws {
        guard let pinFD else { return }
        let flags = fcntl(pinFD, F_GETFD)
        guard flags >= 0, fcntl(pinFD, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw ValidationError("--pin-fd \(pinFD) is not an open descriptor")
        }
    }

    /// The PIN for a token, or nil where the token has a pad of its own.
    func pin(for token: PKCS11Token) throws -> PIN? {
        if let pinFD { return try PIN.read(fromDescriptor: pinFD) }
        if token.hasPINPad { return nil }
        let tries = try? token.module.tokens().first { $0.identity == token.identity }
        let warning = tries?.flags.triesLeft.map { ", \($0)" } ?? ""
        return try PIN.readFromTerminal(prompt: "PIN for \(token.identity)\(warning): ")
    }
}

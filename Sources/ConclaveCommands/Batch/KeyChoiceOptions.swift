// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Glibc
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Which CA keys a batch is drafted for.
struct KeyChoiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The CA key that signs for its authority: a fingerprint, the beginning of one, or a \
            .pub file; once for each authority. Otherwise the first that is not set aside.
            """,
            valueName: "key"))
    var key: [String] = []

    /// The keys by authority.
    ///
    /// - Throws: `RunnerError` of `KEY-CHOICE`, which tells what keys there are.
    func choice(in home: Home) throws -> [String: PublicKey] {
        var violations: [Violation] = []
        var keys: [Genesis.AuthorityKey] = []
        for name in key {
            let file = name.hasSuffix(".pub") ? try InputFile.publicKey(name) : nil
            do throws(Violations) {
                let found =
                    if let file { try home.state.authorityKey(file) } else {
                        try home.state.authorityKey(named: name)
                    }
                keys.append(found)
            } catch {
                violations += error.all
            }
        }
        var choice: [String: PublicKey] = [:]
        do throws(Violations) {
            choice = try home.state.choice(of: keys)
        } catch {
            violations += error.all
        }
        guard violations.isEmpty else {
            throw RunnerError.refused(subject: "--key", violations)
        }
        return choice
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Glibc

/// The root of all commands.
struct ConclaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conclave",
        abstract: "An offline OpenSSH certificate authority: the key on a token, the vote counted.",
        discussion: """
            A ceremony, in order:
              conclave token generate    make the CA keys on the token
              conclave init              draft the home, have every officer sign it
              conclave intake            take requests in from the spool
              conclave batch new         freeze what was admitted into a batch
              conclave approve           an officer approves the batch
              conclave sign              the quorum is there: sign, check, record, hand out

            Exit status: 0 done, 1 a fault of machine, file or token, 2 altered data,
            3 refused by a rule, 4 nothing to do, 64 wrong usage.
            """,
        version: Tool.name,
        subcommands: [
            InitCommand.self, AuthorityCommand.self, TokenCommand.self, RequestCommand.self,
            IntakeCommand.self,
            BatchCommand.self, ApproveCommand.self, RejectCommand.self, RevokeCommand.self,
            SignCommand.self, RecoverCommand.self, ReportCommand.self, KRLCommand.self,
            TraceCommand.self,
            RadarCommand.self, LedgerCommand.self,
        ])
}

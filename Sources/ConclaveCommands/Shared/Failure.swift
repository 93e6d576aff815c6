// SPDX-License-Identifier: Apache-2.0
import CeremonyRunner
import Configuration
import Documents
import LedgerStore
import SSHCrypto
import SSHFormats
import Spool
import Token

/// An error as a person reads it: lines with hints, and the exit status that goes with it.
struct Failure {
    let lines: [String]
    let status: ExitStatus

    /// The failure that an error of ours stands for; nil for those of the argument parser.
    init?(_ error: any Error) {
        switch error {
        case let error as RunnerError: (lines, status) = Self.parts(of: error)
        case let error as Violations:
            lines = Self.lines(error.all)
            status = .refused
        case let error as ConfigurationErrors:
            lines = error.all.flatMap { Self.lines("\($0)", hint: $0.hint) }
            status = .refused
        case let error as TokenError:
            lines = Self.lines(error.lineWithRule, hint: error.hint ?? MachineHint.of(error.code))
            status = .machine
        case let error as LedgerStoreError:
            let rule = error.rule.map { " (\($0))" } ?? ""
            lines = Self.lines("\(error)\(rule)", hint: error.hint ?? MachineHint.of(error))
            status =
                if error.isIntegrityFault {
                    .altered
                } else if error.rule == .ledgerUnknown {
                    .refused
                } else {
                    .machine
                }
        case let error as HomeLockError:
            var hint: String?
            switch error {
            case .held: hint = "wait until it has finished, or end it"
            case .file(let error): hint = MachineHint.of(error.number)
            }
            lines = Self.lines("\(error)", hint: hint)
            status = .machine
        case let error as FileError:
            lines = Self.lines("\(error)", hint: MachineHint.of(error.number))
            status = .machine
        case let error as FormatError:
            lines = ["\(error)"]
            status = .refused
        case let error as SSHCryptoError:
            lines = ["\(error)"]
            status = .altered
        default: return nil
        }
    }

    private static func parts(of error: RunnerError) -> ([String], ExitStatus) {
        switch error {
        case .refused(let subject, let violations): (lines(violations, of: subject), .refused)
        case .altered(let subject, let violations): (lines(violations, of: subject), .altered)
        case .noHome:
            (
                lines(
                    "\(error)",
                    hint: "make one with: conclave init; one that was lost, of its bundles: "
                        + "conclave recover"), .machine
            )
        case .draftExists:
            (lines("\(error)", hint: "have it signed, or remove it to begin again"), .machine)
        case .system(_, let number):
            (lines("\(error)", hint: MachineHint.of(number)), .machine)
        case .program:
            (
                lines("\(error)", hint: "see that it works here, then give the same command again"),
                .machine
            )
        case .homeExists: (["\(error)"], .machine)
        case .damaged:
            (
                lines(
                    "\(error)",
                    hint: "see all that is wrong with the home: conclave ledger verify"), .altered
            )
        case .unsound: (["\(error)"], .altered)
        }
    }

    private static func lines(_ violations: [Violation], of subject: String) -> [String] {
        violations.flatMap { violation in
            // What names its subject is not told it twice.
            let names = violation.message.hasPrefix(subject)
            return lines(
                names ? "\(violation)" : "\(subject): \(violation)", hint: violation.hint)
        }
    }

    static func lines(_ violations: [Violation]) -> [String] {
        violations.flatMap { lines("\($0)", hint: $0.hint) }
    }

    private static func lines(_ text: String, hint: String?) -> [String] {
        [text] + (hint.map { ["  hint: \($0)"] } ?? [])
    }
}

extension LedgerStoreError {
    /// Whether the ledger itself is at fault, and not the machine or its use.
    var isIntegrityFault: Bool {
        switch self {
        case .foreign, .foreignJournal, .alteredSchema, .truncated, .corrupt, .damagedEntry,
            .damagedNode,
            .damagedContent, .unfinished, .leftover:
            true
        default: false
        }
    }
}

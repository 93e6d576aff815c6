// SPDX-License-Identifier: Apache-2.0

/// The exit statuses of the programs, `Docs/Operator/ExitStatus.md`; thrown to end with one.
public enum ExitStatus: Int32, Error, CaseIterable, Sendable {
    /// What was asked for is done.
    case done = 0
    /// The machine, a file or a token failed.
    case machine = 1
    /// A ledger, bundle or text is not what it must be.
    case altered = 2
    /// A rule refuses what was asked for.
    case refused = 3
    /// There is nothing to do.
    case nothing = 4
}

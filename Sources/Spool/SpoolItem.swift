// SPDX-License-Identifier: Apache-2.0

/// What became of one name in the spool: a file that was read, or a refusal.
public struct SpoolItem: Equatable, Sendable {
    /// The two ends that a name can come to.
    public enum Result: Equatable, Sendable {
        /// A file that was read whole.
        case file(SpoolFile)
        /// A name that was left where it is.
        case refused(SpoolRefusal)
    }

    /// The name, shown in printable ASCII: `\xNN` for other bytes.
    public let name: String
    /// What became of it.
    public let result: Result
}

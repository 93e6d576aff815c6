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

/// A file of the spool: its bytes, and those of the signature that lay beside it.
public struct SpoolFile: Equatable, Sendable {
    /// The file's name, printable ASCII.
    public let name: String
    /// The whole contents.
    public let bytes: [UInt8]
    /// The contents of NAME`.sig`, where there is one.
    public let signature: [UInt8]?
}

/// Why a name in the spool was not read.
public struct SpoolRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name, shown in printable ASCII.
    public let name: String
    /// The rule's ID: `SPOOL-LINK`, `SPOOL-SIZE` and so on.
    public let rule: String
    /// What is wrong, with the name of the file at fault, which can be the signature's.
    public let message: String

    /// The refusal as one line, the rule's ID at its end.
    public var description: String {
        "\(message) (\(rule))"
    }
}

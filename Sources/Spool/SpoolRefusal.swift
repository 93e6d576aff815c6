// SPDX-License-Identifier: Apache-2.0

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

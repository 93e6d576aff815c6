// SPDX-License-Identifier: Apache-2.0

/// Why a name in the spool was not read.
public struct SpoolRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name, shown in printable ASCII.
    public let name: String
    /// The rule's ID: `SPOOL-LINK`, `SPOOL-SIZE` and so on.
    public let rule: String
    /// What is wrong, with the name of the file at fault, which can be the signature's.
    public let message: String

    /// What may help, where the file itself is not at fault.
    public var hint: String? {
        switch rule {
        case "SPOOL-UNREADABLE":
            "look at its permissions, or at the medium, then give the same command again"
        case "SPOOL-CHANGED": "give the same command again when nobody writes there"
        default: nil
        }
    }

    /// The refusal as one line, the rule's ID at its end.
    public var description: String {
        "\(message) (\(rule))"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// Why an option could not be taken.
public enum OptionFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name is not in the table.
    case unknown(String)
    /// The value is not what the name asks for.
    case malformed(String, reason: String)
    /// The option stands there twice.
    case repeated(String)

    /// The fault as one line.
    public var description: String {
        switch self {
        case .unknown(let name): "option \(quoted(name)) is not known"
        case .malformed(let text, let reason): "option \(quoted(text)) is malformed: \(reason)"
        case .repeated(let name): "option \(quoted(name)) stands there twice"
        }
    }
}

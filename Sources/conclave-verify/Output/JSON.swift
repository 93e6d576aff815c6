// SPDX-License-Identifier: Apache-2.0

/// A JSON text in the making, RFC 8259.
indirect enum JSON: Hashable, Sendable {
    /// A text.
    case string(String)
    /// A number; those above 2^53 are better written as a string.
    case number(Int)
    /// A truth value.
    case bool(Bool)
    /// Nothing.
    case null
    /// Values in order.
    case array([JSON])
    /// Members in order; no name stands twice.
    case object([Member])

    /// One name and its value.
    struct Member: Hashable, Sendable {
        /// The name.
        let name: String
        /// The value.
        let value: JSON

        /// Gives `value` the name `name`.
        init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// A text, or null where there is none.
    static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    /// A list of texts.
    static func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    /// The text, indented by two spaces a level, without a line end.
    var text: String { text(indent: "") }

    /// The text as it stands behind an indent, which its first line does not have.
    func text(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .string(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        case .array(let values) where values.isEmpty: return "[]"
        case .array(let values):
            let lines = values.map { inner + $0.text(indent: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let members) where members.isEmpty: return "{}"
        case .object(let members):
            let lines = members.map {
                "\(inner)\(Self.quoted($0.name)): \($0.value.text(indent: inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        }
    }

    /// Everything outside printable ASCII is escaped, so that a terminal can show the text too.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return result + "\""
    }
}

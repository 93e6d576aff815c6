// SPDX-License-Identifier: Apache-2.0

/// A JSON value to be written, RFC 8259; members keep their order.
public indirect enum JSONText: Sendable {
    /// A text.
    case string(String)
    /// A number.
    case number(UInt64)
    /// A truth value.
    case boolean(Bool)
    /// Nothing.
    case null
    /// Values in order.
    case array([JSONText])
    /// Members in order; no name stands twice.
    case object([(String, JSONText)])

    /// A text, or null where there is none.
    public static func optional(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }

    /// The value as text, on one line.
    public var text: String {
        var result = ""
        write(to: &result)
        return result
    }

    /// The value as text of many lines, each level set in by two spaces, and ended by LF.
    public var page: String {
        var result = ""
        write(to: &result, indent: "\n")
        return result + "\n"
    }

    /// Writes the value; `indent` is a line end and what the next line begins with, or nil for one line.
    private func write(to result: inout String, indent: String? = nil) {
        switch self {
        case .string(let value): Self.quote(value, to: &result)
        case .number(let value): result += String(value)
        case .boolean(let value): result += value ? "true" : "false"
        case .null: result += "null"
        case .array(let values):
            Self.write(values, "[", "]", to: &result, indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            Self.write(members, "{", "}", to: &result, indent) { member, result, inner in
                Self.quote(member.0, to: &result)
                result += inner == nil ? ":" : ": "
                member.1.write(to: &result, indent: inner)
            }
        }
    }

    private static func write<Part>(
        _ parts: [Part], _ opening: String, _ closing: String, to result: inout String,
        _ indent: String?, _ body: (Part, inout String, String?) -> Void
    ) {
        let inner = indent.map { $0 + "  " }
        result += opening
        for (place, part) in parts.enumerated() {
            if place > 0 { result += "," }
            if let inner { result += inner }
            body(part, &result, inner)
        }
        if let indent, !parts.isEmpty { result += indent }
        result += closing
    }

    private static func quote(_ value: String, to result: inout String) {
        result += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where !SafeText.allows(scalar):
                // What a terminal must not get is escaped here, where a reader of JSON takes it back.
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}

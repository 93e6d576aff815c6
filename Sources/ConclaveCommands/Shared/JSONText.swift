// SPDX-License-Identifier: Apache-2.0
import Documents

/// A JSON value to be written, RFC 8259; members keep their order.
indirect enum JSONText {
    case string(String)
    case number(UInt64)
    case boolean(Bool)
    case array([JSONText])
    case object([(String, JSONText)])

    /// The value as text, on one line.
    var text: String {
        switch self {
        case .string(let value): Self.quoted(value)
        case .number(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where !SafeText.allows(scalar):
                // What a terminal must not get is escaped here, where a reader of JSON takes it back.
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

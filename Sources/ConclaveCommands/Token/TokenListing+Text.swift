// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import Token

extension TokenListing {
    /// The lines that a person reads.
    var lines: [String] {
        ways.flatMap { way -> [String] in
            var lines = ["\(way.name)" + (way.remarks.first.map { ": \($0)" } ?? "")]
            lines += way.remarks.dropFirst().map { "  \($0)" }
            if let fault = way.fault { lines += Self.lines(of: fault) }
            if way.fault == nil, way.entries.isEmpty {
                lines.append(way.module == nil ? "  no reader" : "  no token")
            }
            for entry in way.entries { lines += Self.lines(of: entry) }
            return lines
        }
    }

    private static func lines(of fault: TokenError, indent: String = "  ") -> [String] {
        [indent + fault.lineWithRule] + (fault.hint.map { ["\(indent)  hint: \($0)"] } ?? [])
    }

    private static func lines(of entry: Entry) -> [String] {
        guard let identity = entry.identity else {
            return ["  in \(entry.place.quotedForDisplay)" + Self.remarks(entry)]
                + (entry.fault.map { Self.lines(of: $0, indent: "    ") } ?? [])
        }
        guard entry.isSetUp else {
            return ["  a token that is not set up, in \(entry.place.quotedForDisplay)"]
        }
        var lines = [
            "  \(identity.uri.text)",
            "    label \(identity.label.quotedForDisplay), serial "
                + "\(identity.serial.quotedForDisplay), model \(identity.model.quotedForDisplay)",
        ]
        if !entry.place.isEmpty { lines.append("    in \(entry.place.quotedForDisplay)") }
        lines += entry.remarks.map { "    \($0)" }
        for key in entry.keys {
            let owner = key.authorities.map { ", CA key of \($0)" }.joined()
            let label = key.label.isEmpty ? "" : " \(key.label.quotedForDisplay)"
            lines.append(
                "    key \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))"
                    + "\(label)\(owner)")
        }
        if let fault = entry.fault { lines += Self.lines(of: fault, indent: "    ") }
        return lines
    }

    private static func remarks(_ entry: Entry) -> String {
        entry.remarks.isEmpty ? "" : ": " + entry.remarks.joined(separator: ", ")
    }

    /// The listing as a program reads it.
    var json: JSONText {
        .object([
            (
                "ways",
                .array(
                    ways.map { way in
                        .object(
                            (way.module.map { [("module", .string($0))] } ?? [])
                                + [
                                    ("name", .string(way.name)),
                                    ("remarks", .array(way.remarks.map { .string($0) })),
                                ] + Self.members(way.fault)
                                + [("tokens", .array(way.entries.map(Self.json)))])
                    })
            )
        ])
    }

    private static func members(_ fault: TokenError?) -> [(String, JSONText)] {
        guard let fault else { return [] }
        return [
            (
                "fault",
                .object([
                    ("rule", .string(RuleID(fault.code).name)), ("text", .string("\(fault)")),
                ])
            )
        ]
    }

    private static func json(_ entry: Entry) -> JSONText {
        var members: [(String, JSONText)] = [("place", .string(entry.place))]
        if let identity = entry.identity {
            members += [
                ("uri", .string(identity.uri.text)), ("label", .string(identity.label)),
                ("serial", .string(identity.serial)), ("model", .string(identity.model)),
                ("manufacturer", .string(identity.manufacturer)),
                ("setUp", .boolean(entry.isSetUp)),
            ]
        }
        members.append(("remarks", .array(entry.remarks.map { .string($0) })))
        members += Self.members(entry.fault)
        members.append(
            (
                "keys",
                .array(
                    entry.keys.map { key in
                        .object([
                            ("publicKey", .string(key.publicKey.line)),
                            ("fingerprint", .string(key.publicKey.fingerprint)),
                            ("label", .string(key.label)),
                            ("authorities", .array(key.authorities.map { .string($0) })),
                        ])
                    })
            ))
        return .object(members)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents

/// The rules for certificates of any maker, for those who want to read them all.
enum RuleListing {
    /// Every rule with all its texts.
    static func text(asJSON: Bool) -> String {
        asJSON
            ? JSON.array(CertificateRule.all.map(json)).text
            : CertificateRule.all.map { lines($0).joined(separator: "\n") }
                .joined(separator: "\n\n")
    }

    private static func lines(_ rule: CertificateRule) -> [String] {
        [
            "\(rule.id.name)  \(rule.severity.rawValue)\(rule.isStrict ? ", strict" : "")",
            "  holds    \(rule.holds)", "  why      \(rule.reason)",
            "  readers  \(rule.readers)", "  source   \(rule.source)", "  hint     \(rule.hint)",
        ]
    }

    private static func json(_ rule: CertificateRule) -> JSON {
        .object([
            .init("rule", .string(rule.id.name)),
            .init("severity", .string(rule.severity.rawValue)),
            .init("strict", .bool(rule.isStrict)), .init("holds", .string(rule.holds)),
            .init("reason", .string(rule.reason)), .init("readers", .string(rule.readers)),
            .init("source", .string(rule.source)), .init("hint", .string(rule.hint)),
        ])
    }
}

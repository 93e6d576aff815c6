// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import TestSupport
import Testing

@Suite("The pages with the rules for certificates")
struct RulePageTests {
    private static let root = String(
        #filePath.prefix(#filePath.count - "Tests/CertificateLintTests/RulePageTests.swift".count))

    private static func rows(of page: String) throws -> [String] {
        let bytes = try contents(ofFile: root + page)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("| `CERT-") }
    }

    @Test("Certificate.md tells severity, reason, readers and source of every rule")
    func certificatePage() throws {
        let expected = CertificateRule.all.map { rule in
            let severity = rule.severity.rawValue + (rule.isStrict ? ", strict" : "")
            return "| `\(rule.id.name)` | \(severity) | \(Self.escaped(rule.reason)) | "
                + "\(Self.escaped(rule.readers)) | \(Self.escaped(rule.source)) |"
        }
        #expect(try Self.rows(of: "Docs/Formats/Certificate.md") == expected)
    }

    @Test("Rules.md tells of every rule what holds and what to do")
    func rulePage() throws {
        let expected = CertificateRule.all.map { rule in
            "| `\(rule.id.name)` | \(Self.escaped(rule.holds)) | \(Self.escaped(rule.hint)) |"
        }
        #expect(try Self.rows(of: "Docs/Security/Rules.md") == expected)
    }

    /// Text as a cell of a table holds it.
    private static func escaped(_ text: String) -> String {
        text.replacing("*", with: "\\*")
    }
}

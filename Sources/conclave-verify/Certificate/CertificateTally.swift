// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents

/// How many certificates were judged, how many are valid, and which rules are broken how often.
struct CertificateTally: Hashable, Sendable {
    private(set) var files = 0
    private(set) var certificates = 0
    private(set) var valid = 0
    /// The number of certificates that break a rule.
    private var rules: [Breach: Int] = [:]

    /// A rule, and how much a breach weighs.
    private struct Breach: Hashable, Sendable {
        let label: String
        let rule: RuleID
    }

    /// Whether all are valid.
    var isSound: Bool { valid == certificates }

    /// Counts a file.
    mutating func addFile() { files += 1 }

    /// Counts a certificate.
    mutating func add(_ report: CertificateReport) {
        certificates += 1
        if report.isValid { valid += 1 }
        guard !report.faults.isEmpty || !report.findings.isEmpty else { return }
        var seen: Set<RuleID> = []
        for rule in report.faults.map(\.rule) where seen.insert(rule).inserted {
            rules[Breach(label: "FAIL", rule: rule), default: 0] += 1
        }
        for rule in report.findings.map(\.rule) where seen.insert(rule.id).inserted {
            rules[Breach(label: rule.severity.rawValue, rule: rule.id), default: 0] += 1
        }
    }

    /// Adds what another has counted.
    mutating func add(_ other: Self) {
        files += other.files
        certificates += other.certificates
        valid += other.valid
        rules.merge(other.rules, uniquingKeysWith: +)
    }

    /// The sum, and a line for each broken rule, faults and errors first.
    var lines: [String] {
        let sum =
            "\(counted(certificates, "certificate")) in \(counted(files, "file")): \(valid) valid, "
            + "\(certificates - valid) not"
        let order = ["FAIL"] + CertificateRule.Severity.allCases.map(\.rawValue)
        let sorted = rules.sorted { left, right in
            let ranks = [left, right].map { order.firstIndex(of: $0.key.label) ?? order.count }
            return (ranks[0], left.key.rule.name) < (ranks[1], right.key.rule.name)
        }
        return [sum]
            + sorted.map { breach, count in
                let padding = String(repeating: " ", count: max(0, 8 - breach.label.utf8.count))
                return "  \(breach.label)\(padding)\(breach.rule.name): \(count)"
            }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents

/// How many certificates were judged, how many are valid, and which rules are broken how often.
struct CertificateTally: Hashable, Sendable {
    private(set) var files = 0
    private(set) var certificates = 0
    private(set) var valid = 0
    /// The number of certificates that break a rule, by its name behind its weight.
    private var rules: [String: Int] = [:]

    /// Whether all are valid.
    var isSound: Bool { valid == certificates }

    /// Counts a file.
    mutating func addFile() { files += 1 }

    /// Counts a certificate.
    mutating func add(_ report: CertificateReport) {
        certificates += 1
        if report.isValid { valid += 1 }
        guard !report.faults.isEmpty || !report.findings.isEmpty else { return }
        var broken = Set(report.faults.map { "FAIL    \($0.rule.name)" })
        for finding in report.findings {
            let label = finding.rule.severity.rawValue
            broken.insert(
                label + String(repeating: " ", count: 8 - label.utf8.count) + finding.rule.id.name)
        }
        for rule in broken { rules[rule, default: 0] += 1 }
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
        let order = ["FAIL", "error", "warning", "notice"]
        func rank(_ rule: String) -> Int {
            order.firstIndex { rule.hasPrefix($0) } ?? order.count
        }
        return [sum]
            + rules.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
            .map { "  \($0.key): \($0.value)" }
    }
}

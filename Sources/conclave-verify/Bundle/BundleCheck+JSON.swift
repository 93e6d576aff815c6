// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto

extension BundleCheck {
    /// The report for a program.
    func json(directory: String) -> JSON {
        .object([
            .init("bundle", .string(directory)),
            .init("sound", .bool(isSound)),
            .init("pinned", .bool(pinned != nil)),
            .init("home", .optional(founding?.genesis.id.hex)),
            .init("batch", .optional(manifest.map { String($0.header.number) })),
            .init("certificates", .number(certificates)),
            .init("faults", .number(findings.faults.count)),
            .init("findings", findings.json),
            .init("verdict", .string(verdict)),
        ])
    }
}

extension Findings {
    /// The findings for a program.
    var json: JSON {
        .array(
            all.map { finding in
                .object([
                    .init("level", .string(finding.level.rawValue.lowercased())),
                    .init("file", .optional(finding.subject)),
                    .init("rule", .optional(finding.rule?.name)),
                    .init("message", .string(finding.message)),
                ])
            })
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

extension CertificateReport {
    /// The report for a person, a line for each field, and the verdict last.
    var lines: [String] {
        var lines = [shownPath(path)]
        if let certificate { lines += Self.describe(certificate, report: self) }
        lines += faults.map { "  FAIL  " + shownText($0.description) }
        lines.append("  " + verdict)
        return lines
    }

    /// The verdict as one line.
    var verdict: String {
        guard let certificate, isValid else { return "NOT VALID" }
        let what = "valid at \(time.text)"
        return authorityFile == nil
            ? "\(what); whether to trust \(certificate.fields.signatureKey.fingerprint) is for you "
                + "to say, with --ca" : what
    }

    private static func describe(_ certificate: Certificate, report: Self) -> [String] {
        let fields = certificate.fields
        var lines: [String] = []
        func line(_ name: String, _ value: String) {
            lines.append(
                "  " + name + String(repeating: " ", count: max(1, 18 - name.utf8.count))
                    + shownText(value))
        }
        line("certificate", "for a \(fields.kind.name)")
        line("key", describe(fields.publicKey))
        line("serial", String(fields.serial))
        line("key ID", quoted(fields.keyID, limit: 256))
        for name in fields.validPrincipals { line("principal", quoted(name, limit: 256)) }
        line("valid from", text(fields.validAfter))
        line("valid until", text(fields.validBefore))
        line("at \(report.time.text)", report.standing(fields))
        for option in fields.criticalOptions {
            line("critical option", quoted(option.text, limit: 8_192))
        }
        if fields.criticalOptions.isEmpty { line("critical options", "none") }
        for permission in fields.extensions { line("extension", permission.rawValue) }
        if fields.extensions.isEmpty { line("extensions", "none") }
        line("signed by", describe(fields.signatureKey))
        if let file = report.authorityFile { line("", "the CA key in \(shownPath(file))") }
        line(
            "signature",
            report.isSigned ? "\(certificate.signature.algorithm.rawValue), holds" : "does not hold"
        )
        line("revocation", "not looked at here; ask ssh-keygen -Q -f revoked_keys.krl")
        return lines
    }

    /// How the certificate stands at the time: not yet valid, valid and how long yet, ended.
    private func standing(_ fields: CertificateFields) -> String {
        if time.seconds < fields.validAfter {
            return "not yet valid, for another "
                + Self.duration(fields.validAfter - time.seconds)
        }
        if time.seconds >= fields.validBefore {
            return "ended " + Self.duration(time.seconds - fields.validBefore) + " ago"
        }
        if fields.validBefore == .max { return "valid, for ever" }
        return "valid, for another " + Self.duration(fields.validBefore - time.seconds)
    }

    /// A number of seconds in its two largest units.
    static func duration(_ seconds: UInt64) -> String {
        let units: [(name: String, length: UInt64)] = [
            ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
        ]
        var rest = seconds
        var parts: [String] = []
        for unit in units where parts.count < 2 {
            let count = rest / unit.length
            rest %= unit.length
            if count > 0 { parts.append("\(count)\(unit.name)") }
        }
        return parts.isEmpty ? "0s" : parts.joined(separator: " ")
    }

    private static func describe(_ key: PublicKey) -> String {
        let size = key.kind == .rsa ? "-\(key.bitSize)" : ""
        return "\(key.fingerprint) (\(key.kind.shortName)\(size))"
    }
}

extension CertificateReport {
    /// The report for a program.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("file", .string(path)), .init("valid", .bool(isValid)),
            .init("time", .string(time.text)),
            .init(
                "faults",
                .array(
                    faults.map { fault in
                        .object([
                            .init("rule", .string(fault.rule.name)),
                            .init("message", .string(fault.message)),
                        ])
                    })),
        ]
        if let certificate {
            members.append(.init("certificate", Self.json(certificate.fields)))
            members.append(.init("signatureHolds", .bool(isSigned)))
            members.append(.init("caFile", .optional(authorityFile)))
        }
        return .object(members)
    }

    /// Serials and times exceed what a number of JSON can carry, and are texts.
    private static func json(_ fields: CertificateFields) -> JSON {
        .object([
            .init("kind", .string(fields.kind.name)),
            .init("keyKind", .string(fields.publicKey.kind.shortName)),
            .init("fingerprint", .string(fields.publicKey.fingerprint)),
            .init("serial", .string(String(fields.serial))),
            .init("keyID", .string(fields.keyID)),
            .init("principals", .strings(fields.validPrincipals)),
            .init("validAfter", .string(text(fields.validAfter))),
            .init("validBefore", .string(text(fields.validBefore))),
            .init("criticalOptions", .strings(fields.criticalOptions.map(\.text))),
            .init("extensions", .strings(fields.extensions.map(\.rawValue))),
            .init("signedBy", .string(fields.signatureKey.fingerprint)),
        ])
    }
}

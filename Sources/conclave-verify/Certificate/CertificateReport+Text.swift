// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHCrypto
import SSHFormats

extension CertificateReport {
    /// The findings that a fault tells already.
    private static let told: Set<CertificateRule> = [
        .validityEarly, .validityEnded, .signatureWrong, .signatureUnchecked,
    ]

    /// The report for a person, a line for each field, and the verdict last.
    var lines: [String] { lines(showsBytes: false) }

    /// The report for a person, with every byte and its meaning where asked for.
    func lines(showsBytes: Bool) -> [String] {
        var lines = [place]
        if let inspection {
            lines += describe(inspection).map { "  " + $0 }
            if showsBytes { lines += ByteTable(inspection.dissection).lines.map { "  " + $0 } }
        }
        lines += faults.map { "  FAIL  " + shownText($0.description) }
        for finding in findings where !Self.told.contains(finding.rule) {
            let label = finding.rule.severity.rawValue
            lines.append(
                "  " + label + String(repeating: " ", count: 8 - label.utf8.count)
                    + shownText(finding.description))
            lines.append("          " + finding.rule.reason)
            lines.append("          hint: " + finding.rule.hint)
        }
        lines.append("  " + verdict)
        return lines
    }

    /// The report as one line: the place, the verdict, and the rules that are broken.
    var summary: String {
        let rules = brokenRules.map(\.name).joined(separator: ", ")
        return "\(place): \(isValid ? "valid" : "NOT VALID")" + (rules.isEmpty ? "" : ": \(rules)")
    }

    /// The file, and the line where it has more than one.
    var place: String { shownPath(path) + (line.map { ":\($0)" } ?? "") }

    /// The verdict as one line.
    var verdict: String {
        guard let key = inspection?.signatureKey, isValid else { return "NOT VALID" }
        let what = "valid at \(time.text)"
        return authorityFile == nil
            ? "\(what); whether to trust \(key.fingerprint) is for you to say, with --ca" : what
    }

    /// A line of a name and a value.
    private func line(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 18 - name.utf8.count)) + shownText(value)
    }

    private func describe(_ inspection: CertificateInspection) -> [String] {
        let parts = inspection.dissection.parts
        var lines: [String] = []
        if let name = parts.typeName, parts.standing != .current {
            lines.append(line("type name", shown(name)))
        }
        if let kind = parts.kind?.value { lines.append(line("certificate", Self.kind(kind))) }
        if let key = parts.key { lines.append(line("key", describe(inspection.subjectKey, key))) }
        if let serial = parts.serial { lines.append(line("serial", String(serial.value))) }
        if let keyID = parts.keyID { lines.append(line("key ID", shown(keyID, limit: 256))) }
        for name in parts.principals.prefix(1_024) {
            lines.append(line("principal", shown(name, limit: 256)))
        }
        if parts.principals.count > 1_024 {
            lines.append(line("principals", "and \(parts.principals.count - 1_024) more"))
        }
        if parts.principals.isEmpty, parts.validAfter != nil {
            lines.append(line("principals", "none"))
        }
        if let after = parts.validAfter, let before = parts.validBefore {
            lines.append(line("valid from", Self.text(after.value)))
            lines.append(line("valid until", Self.text(before.value)))
            lines.append(line("at \(time.text)", standing(after.value, before.value)))
        }
        if parts.criticalOptionsOffset != nil {
            lines += describe("critical option", parts.criticalOptions) { shown($0, limit: 8_192) }
        }
        if parts.extensionsOffset != nil {
            lines += describe("extension", parts.extensions, Self.plainName)
        }
        return lines + describeSignature(inspection, parts)
    }

    private func describeSignature(
        _ inspection: CertificateInspection, _ parts: CertificateParts
    ) -> [String] {
        var lines: [String] = []
        if let key = parts.signatureKey {
            let bytes = parts.signatureKeyBytes ?? []
            lines.append(
                line(
                    "signed by",
                    inspection.signatureKey.map(Self.describe)
                        ?? "\(Self.fingerprint(of: bytes)) (\(Self.plainName(key.typeName)))"))
        }
        if let file = authorityFile { lines.append(line("", "the CA key in \(shownPath(file))")) }
        if let signature = parts.signature, let name = signature.algorithm {
            lines.append(line("signature", describe(inspection.signature, Self.plainName(name))))
        }
        lines.append(
            line("revocation", "not looked at here; ask ssh-keygen -Q -f revoked_keys.krl"))
        return lines
    }

    private func describe(
        _ standing: CertificateInspection.SignatureStanding, _ algorithm: String
    ) -> String {
        switch standing {
        case .holds: "\(algorithm), holds"
        case .holdsInOtherForm: "\(algorithm), holds once its form is put right"
        case .wrong: "does not hold"
        case .unchecked: "\(algorithm), not verified"
        }
    }

    private func describe(
        _ name: String, _ pairs: [CertificateParts.Pair],
        _ value: (ArraySlice<UInt8>) -> String
    ) -> [String] {
        guard !pairs.isEmpty else { return [line(name + "s", "none")] }
        return pairs.prefix(1_024).map { pair in
            guard !pair.data.isEmpty else {
                return line(name, value(pair.name))
            }
            guard let text = pair.text else {
                return line(name, "\(shown(pair.name)) with \(pair.data.count) bytes of data")
            }
            return line(name, shown(pair.name + [UInt8(ascii: "=")] + text, limit: 8_192))
        }
    }

    private static func kind(_ number: UInt64) -> String {
        switch number {
        case 1: "for a user"
        case 2: "for a host"
        default: "of type \(number), neither a user's nor a host's"
        }
    }

    /// A name as it is where it is plain, else quoted and escaped.
    private static func plainName(_ bytes: ArraySlice<UInt8>) -> String {
        let isPlain = bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return isPlain && !bytes.isEmpty && bytes.count <= 128
            ? String(decoding: bytes, as: UTF8.self) : shown(bytes)
    }

    /// How the certificate stands at the time: not yet valid, valid and how long yet, ended.
    private func standing(_ after: UInt64, _ before: UInt64) -> String {
        if time.seconds < after {
            return "not yet valid, for another " + Self.duration(after - time.seconds)
        }
        if time.seconds >= before {
            return "ended " + Self.duration(time.seconds - before) + " ago"
        }
        if before == .max { return "valid, for ever" }
        return "valid, for another " + Self.duration(before - time.seconds)
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

    private func describe(_ key: PublicKey?, _ parts: KeyParts) -> String {
        if let key { return Self.describe(key) }
        guard let blob = parts.plainBlob, let name = parts.layout?.name else {
            return "cannot be read"
        }
        return "\(Self.fingerprint(of: blob)) (\(name), cannot be used)"
    }

    private static func describe(_ key: PublicKey) -> String {
        let size = key.kind == .rsa ? "-\(key.bitSize)" : ""
        return "\(key.fingerprint) (\(key.kind.shortName)\(size))"
    }
}

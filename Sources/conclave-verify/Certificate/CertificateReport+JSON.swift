// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHCrypto
import SSHFormats

extension CertificateReport {
    /// The report for a program.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("file", .string(path)), .init("line", line.map { .number($0) } ?? .null),
            .init("valid", .bool(isValid)), .init("time", .string(time.text)),
            .init(
                "faults",
                .array(
                    faults.map { fault in
                        .object([
                            .init("rule", .string(fault.rule.name)),
                            .init("message", .string(fault.message)),
                        ])
                    })),
            .init("findings", .array(findings.map(Self.json))),
        ]
        if let inspection {
            members.append(.init("certificate", Self.json(inspection)))
            members.append(.init("signature", .string(Self.word(inspection.signature))))
            members.append(.init("signatureHolds", .bool(isSigned)))
            members.append(.init("caFile", .optional(authorityFile)))
            members.append(
                .init(
                    "fields",
                    .array(
                        inspection.dissection.fields.map {
                            Self.json($0, inspection.dissection)
                        })))
        }
        return .object(members)
    }

    private static func json(_ finding: CertificateFinding) -> JSON {
        .object([
            .init("rule", .string(finding.rule.id.name)),
            .init("severity", .string(finding.rule.severity.rawValue)),
            .init("field", .string(finding.field)), .init("offset", .number(finding.offset)),
            .init("message", .string(finding.message)),
            .init("reason", .string(finding.rule.reason)),
            .init("hint", .string(finding.rule.hint)),
        ])
    }

    private static func json(
        _ field: DissectedField, _ dissection: CertificateDissection
    ) -> JSON {
        .object([
            .init("name", .string(field.name)),
            .init("part", .string(field.form == .length ? "length" : "value")),
            .init("offset", .number(field.range.lowerBound)),
            .init("length", .number(field.range.count)), .init("depth", .number(field.depth)),
            .init("meaning", .string(ByteTable.meaning(of: field, in: dissection))),
            .init("hex", .string(Hex.encode(dissection.bytes(of: field)))),
        ])
    }

    private static func word(_ standing: CertificateInspection.SignatureStanding) -> String {
        switch standing {
        case .holds: "holds"
        case .holdsInOtherForm: "holds in another form"
        case .wrong: "does not hold"
        case .unchecked: "not verified"
        }
    }

    /// Serials and times exceed what a number of JSON can carry, and are texts; what is no text is
    /// told byte by byte.
    private static func json(_ inspection: CertificateInspection) -> JSON {
        let parts = inspection.dissection.parts
        return .object([
            .init("type", .optional(parts.typeName.map(text))),
            .init("kind", .optional(parts.kind.map { kindName($0.value) })),
            .init(
                "keyKind",
                .optional(inspection.subjectKey?.kind.shortName ?? parts.key?.layout?.name)),
            .init(
                "fingerprint", .optional(parts.key?.plainBlob.map { fingerprint(of: $0) })),
            .init("serial", .optional(parts.serial.map { String($0.value) })),
            .init("keyID", .optional(parts.keyID.map(text))),
            .init("principals", .strings(parts.principals.map(text))),
            .init("validAfter", .optional(parts.validAfter.map { text($0.value) })),
            .init("validBefore", .optional(parts.validBefore.map { text($0.value) })),
            .init("criticalOptions", .strings(parts.criticalOptions.map(text))),
            .init("extensions", .strings(parts.extensions.map(text))),
            .init("signedBy", .optional(parts.signatureKeyBytes.map { fingerprint(of: $0) })),
            .init("signatureAlgorithm", .optional(parts.signature?.algorithm.map(text))),
            .init("strict", .bool(inspection.refusal == nil)),
        ])
    }

    private static func kindName(_ number: UInt64) -> String {
        switch number {
        case 1: CertificateKind.user.name
        case 2: CertificateKind.host.name
        default: String(number)
        }
    }

    /// Bytes as a text where they are one, else quoted and escaped.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self) ?? shown(bytes, limit: .max)
    }

    private static func text(_ pair: CertificateParts.Pair) -> String {
        guard !pair.data.isEmpty else { return text(pair.name) }
        return pair.text.map { "\(text(pair.name))=\(text($0))" }
            ?? "\(text(pair.name))=0x\(Hex.encode(pair.data))"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats

extension CeremonyReport {
    /// What `format` says in the JSON rendering.
    static let format = "conclave-report-v1"

    /// The report for programs: one JSON object, RFC 8259.
    public var json: String {
        JSONText.object([
            ("format", .string(Self.format)),
            (
                "home",
                .object([
                    ("id", .string(home.hex)), ("words", Self.words(home)),
                    ("founded", .string(founded.text)),
                ])
            ),
            ("batch", batchValue),
            ("ceremony", courseValue),
            ("checkpoint", checkpointValue),
            ("abandonment", abandonment.map(Self.value) ?? .null),
            ("approvals", .array(approvals.map(Self.value))),
            ("tokens", .array(tokens.map(Self.value))),
            ("exceptions", .array(exceptions.map(Self.value))),
            ("items", .array(items.map(Self.value))),
            (
                "persons",
                .array(
                    persons.map { person in
                        .object([
                            ("role", .string(person.isOfficer ? "officer" : "witness")),
                            ("name", .string(person.name)),
                        ])
                    })
            ),
        ]).page
    }

    private var batchValue: JSONText {
        .object([
            ("number", .number(batch.number)), ("id", .string(batch.id.hex)),
            ("words", Self.words(batch.id)), ("policy", .string(batch.policy.hex)),
            ("roster", .string(batch.roster.hex)), ("drafted", Self.value(batch.drafted)),
            ("expires", .string(batch.expires.text)),
        ])
    }

    private var courseValue: JSONText {
        .object([
            ("opened", Self.value(course.opened)), ("closed", Self.value(course.closed)),
            ("program", .string(course.program)), ("tier", .string(course.tier)),
            ("tier-meaning", .string(course.tierMeaning)),
            ("certificates", .number(UInt64(certificates))),
            ("certificates-planned", .number(UInt64(plannedCertificates))),
        ])
    }

    private var checkpointValue: JSONText {
        .object([
            ("text", .string(checkpoint.text)), ("size", .number(checkpoint.size)),
            ("root", .string(checkpoint.root.hex)), ("words", Self.words(checkpoint.root)),
        ])
    }

    private static func words(_ digest: SHA256Digest) -> JSONText {
        .string(PGPWords.encode(digest.bytes).joined(separator: " "))
    }

    private static func value(_ moment: Moment) -> JSONText {
        .object([("time", .string(moment.time.text)), ("entry", .number(moment.entry))])
    }

    private static func value(_ abandonment: Abandonment) -> JSONText {
        .object([
            ("batch", .number(abandonment.batch)), ("id", .string(abandonment.manifest.hex)),
            ("reason", .string(abandonment.reason)), ("serials", strings(abandonment.serials)),
        ])
    }

    private static func value(_ approval: Approval) -> JSONText {
        .object([
            ("officer", .string(approval.officer)), ("key", .string(approval.key.fingerprint)),
            ("key-kind", .string(approval.key.kind)), ("accepted", value(approval.accepted)),
        ])
    }

    private static func value(_ token: Token) -> JSONText {
        let attestation = token.attestation.map { attestation in
            JSONText.object([
                ("verified", .boolean(attestation.isVerified)),
                ("statement", .optional(attestation.statement)),
                ("root", .optional(attestation.root?.hex)),
                ("certificates", .number(UInt64(attestation.certificates))),
                ("faults", strings(attestation.faults)),
            ])
        }
        return .object([
            ("authority", .string(token.authority)), ("key", .string(token.key.fingerprint)),
            ("key-kind", .string(token.key.kind)), ("key-sha256", .string(token.key.digest.hex)),
            ("words", words(token.key.digest)), ("token", .string(token.uri)),
            ("module", .string(token.module)), ("claims", .string(token.claims)),
            ("firmware", .optional(token.firmware)), ("attestation", attestation ?? .null),
            ("advisories", strings(token.advisories)), ("joined", value(token.joined)),
        ])
    }

    private static func value(_ exception: Confirmation) -> JSONText {
        .object([
            ("rule", .string(exception.rule)), ("message", .string(exception.message)),
            ("recorded", value(exception.recorded)),
        ])
    }

    private static func value(_ item: Item) -> JSONText {
        let excluded = item.count.excluded.map { exclusion in
            JSONText.object([
                ("officer", .string(exclusion.officer)), ("reason", .string(exclusion.reason)),
            ])
        }
        return .object([
            ("number", .number(UInt64(item.number))), ("kind", .string(item.kind)),
            ("summary", .string(item.summary)), ("class", .string(item.count.riskClass)),
            ("needed", .number(UInt64(item.count.needed))),
            ("counted", strings(item.count.counted)), ("excluded", .array(excluded)),
            ("reason", .optional(item.reason)), ("digest-of", .string(item.subject.rawValue)),
            ("sha256", .string(item.digest.hex)),
            ("words", .string(item.words.joined(separator: " "))),
            ("done", item.done.map(value) ?? .null),
            ("certificate", item.certificate.map(value) ?? .null),
        ])
    }

    private static func value(_ certificate: Item.Certificate) -> JSONText {
        let fields = certificate.fields
        return .object([
            ("authority", .string(certificate.authority)), ("type", .string(fields.kind.name)),
            ("serial", .string(String(fields.serial))), ("key-id", .string(fields.keyID)),
            ("principals", strings(fields.validPrincipals)),
            ("key", .string(fields.publicKey.fingerprint)),
            ("key-kind", .string(fields.publicKey.kind.shortName)),
            ("ca-key", .string(fields.signatureKey.fingerprint)),
            ("valid-after", .string(certificate.validity.after.text)),
            ("valid-before", .string(certificate.validity.before.text)),
            ("critical-options", strings(fields.criticalOptions.map(\.text))),
            ("extensions", strings(fields.extensions.map(\.rawValue))),
            ("profile", .string(certificate.profile)),
            ("requester", .optional(certificate.requester)),
            ("request", .string(certificate.request.hex)),
            ("admitted", certificate.admitted.map(value) ?? .null),
        ])
    }

    private static func strings(_ texts: [String]) -> JSONText {
        .array(texts.map { .string($0) })
    }
}

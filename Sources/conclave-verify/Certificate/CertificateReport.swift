// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHCrypto
import SSHFormats

/// What a certificate says, and whether it is valid.
struct CertificateReport: Sendable {
    /// The file.
    let path: String
    /// The line of the file; nil where it has no other.
    let line: Int?
    /// All that can be said of the bytes; nil where the line holds none.
    let inspection: CertificateInspection?
    /// The time for which it was judged.
    let time: UnixTime
    /// The file of the CA key that signed, as a person named it; nil where it is none of them.
    let authorityFile: String?
    /// What speaks against it, apart from the rules for certificates of any maker.
    let faults: [Violation]
    /// What breaks the rules for certificates of any maker.
    let findings: [CertificateFinding]

    /// Judges a line of a certificate file for a moment, by the CA keys that a person named.
    init(
        _ bytes: ArraySlice<UInt8>, path: String, line: Int? = nil, authorities: AuthorityKeys,
        time: UnixTime, linter: inout CertificateLinter
    ) {
        self.path = path
        self.line = line
        self.time = time
        let form = CertificateLine(bytes)
        guard let blob = form.blob else {
            inspection = nil
            authorityFile = nil
            findings = form.findings
            faults = form.findings.filter { $0.rule.severity == .error }.map {
                Violation(.certificate, "it cannot be read: \(Self.plain($0))")
            }
            return
        }
        let inspection = linter.inspect(blob, at: time)
        authorityFile = inspection.signatureKey.flatMap { authorities.file(of: $0) }
        self.inspection = inspection
        findings = form.findings + inspection.findings
        faults =
            Self.readingFaults(form, inspection)
            + Self.signatureFaults(
                inspection, isTrusted: authorityFile != nil || authorities.isEmpty)
            + inspection.subjectKeyFaults.map { Violation(.subjectKey, $0.description) }
            + Self.validityFaults(inspection.dissection, at: time)
    }

    /// Judges a file that holds one certificate.
    init(file bytes: [UInt8], path: String, authorities: AuthorityKeys, time: UnixTime) {
        let places = CertificateLine.places(in: bytes)
        guard let place = places.first, places.count == 1 else {
            self.init(notOneLine: path, time: time)
            return
        }
        var linter = CertificateLinter()
        self.init(
            bytes[place.range], path: path, authorities: authorities, time: time, linter: &linter)
    }

    /// Refuses a file that does not hold a line.
    init(notOneLine path: String, time: UnixTime) {
        self.init(
            RefusedFile(path, .certificate, "it is not one line with a certificate"), time: time)
    }

    /// Refuses a file that is none to be read.
    init(_ refused: RefusedFile, time: UnixTime) {
        path = refused.path
        line = nil
        inspection = nil
        self.time = time
        authorityFile = nil
        findings = []
        faults = refused.violations.all
    }

    /// The certificate as the strict reader takes it; nil where it takes none.
    var certificate: Certificate? { inspection?.certificate }

    /// Whether the key that the certificate names signed it.
    var isSigned: Bool { inspection?.signature == .holds }

    /// Whether nothing speaks against it.
    var isValid: Bool {
        faults.isEmpty && !findings.contains { $0.rule.severity == .error }
    }

    /// The rules that are broken, each once, those that make it invalid first.
    var brokenRules: [RuleID] {
        var seen: Set<RuleID> = []
        let errors = findings.filter { $0.rule.severity == .error }
        let others = findings.filter { $0.rule.severity != .error }
        return (faults.map(\.rule) + (errors + others).map(\.rule.id))
            .filter { seen.insert($0).inserted }
    }

    /// A second of a certificate's validity as a time in UTC; those beyond the year 9999 in words.
    static func text(_ seconds: UInt64) -> String {
        switch seconds {
        case 0: "the beginning of time"
        case .max: "never"
        default: UnixTime(seconds: seconds).text
        }
    }

    private static func plain(_ finding: CertificateFinding) -> String {
        "\(finding.field) at byte \(finding.offset): \(finding.message)"
    }

    private static func readingFaults(
        _ form: CertificateLine, _ inspection: CertificateInspection
    ) -> [Violation] {
        if let refusal = inspection.refusal {
            return [Violation(.certificate, "it cannot be read: \(refusal)")]
        }
        return form.findings.filter { $0.rule.severity == .error }.prefix(1).map {
            Violation(.certificate, "it cannot be read: \(plain($0))")
        }
    }

    private static func signatureFaults(
        _ inspection: CertificateInspection, isTrusted: Bool
    ) -> [Violation] {
        guard let signer = inspection.dissection.parts.signatureKeyBytes else { return [] }
        var faults: [Violation] = []
        switch inspection.signature {
        case .holds, .holdsInOtherForm: break
        case .wrong:
            faults.append(
                Violation(
                    .signature,
                    "the signature does not hold: \(SSHCryptoError(.wrongSignature))"))
        case .unchecked(let reason):
            faults.append(Violation(.signature, "the signature was not verified: \(reason)"))
        }
        if !isTrusted {
            faults.append(
                Violation(
                    .signature,
                    "it is signed by \(fingerprint(of: signer)), which is not one of the CA keys "
                        + "given"))
        }
        return faults
    }

    private static func validityFaults(
        _ dissection: CertificateDissection, at time: UnixTime
    ) -> [Violation] {
        guard let after = dissection.parts.validAfter?.value,
            let before = dissection.parts.validBefore?.value
        else { return [] }
        var faults: [Violation] = []
        if time.seconds < after {
            faults.append(
                Violation(
                    .validity,
                    "it is not valid before \(text(after)); the time is \(time.text)"))
        }
        if time.seconds >= before {
            faults.append(
                Violation(.validity, "it ended \(text(before)); the time is \(time.text)"))
        }
        return faults
    }

    /// The SHA-256 fingerprint of a key's bytes, whatever they are.
    static func fingerprint(of blob: some Collection<UInt8>) -> String {
        "SHA256:\(SHA256Digest(hashing: blob).base64.dropLast())"
    }
}

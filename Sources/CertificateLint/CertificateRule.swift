// SPDX-License-Identifier: Apache-2.0
public import Documents

/// One thing that OpenSSH or another reader would refuse, misread or ignore in a certificate.
public final class CertificateRule: Hashable, Sendable {
    /// How much a breach weighs.
    public enum Severity: String, CaseIterable, Hashable, Sendable {
        /// Some reader refuses the certificate, or no login with it can succeed.
        case error
        /// It works, and is insecure, or not what it seems to be.
        case warning
        /// It works, and there is something to know.
        case notice
    }

    /// The rule's name.
    public let id: RuleID
    /// How much a breach weighs.
    public let severity: Severity
    /// Whether ``SSHFormats/Certificate`` refuses a certificate that breaks the rule.
    public let isStrict: Bool
    /// What holds while the rule is kept.
    public let holds: String
    /// Why a breach matters.
    public let reason: String
    /// What the readers do with a breach, as far as it is known.
    public let readers: String
    /// Where that is written: a file and line of OpenSSH 10.5p1, a standard, a commit, a CVE.
    public let source: String
    /// What to do about a breach.
    public let hint: String

    init(
        rule: String, _ severity: Severity, strict: Bool = false, holds: String, reason: String,
        readers: String, source: String, hint: String
    ) {
        id = RuleID(rule)
        self.severity = severity
        isStrict = strict
        self.holds = holds
        self.reason = reason
        self.readers = readers
        self.source = source
        self.hint = hint
    }

    /// Every rule, in the order of a certificate's fields.
    public static let all: [CertificateRule] =
        fileRules + formRules + keyRules + nameRules + validityRules + optionRules + signerRules
        + signatureRules

    /// Two rules are equal where they are the same: each is there once.
    public static func == (left: CertificateRule, right: CertificateRule) -> Bool {
        left === right
    }

    /// Hashes which rule it is.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

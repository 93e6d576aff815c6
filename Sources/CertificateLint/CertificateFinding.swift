// SPDX-License-Identifier: Apache-2.0
import Documents

/// One breach of one rule by one certificate.
public struct CertificateFinding: Hashable, Sendable, CustomStringConvertible {
    /// The rule that is broken.
    public let rule: CertificateRule
    /// The field, spelled as the draft spells it.
    public let field: String
    /// The first byte of the field's value in the certificate.
    public let offset: Int
    /// What is wrong there: input is quoted and escaped.
    public let message: String

    /// Notes a breach of `rule` at a byte of a field.
    public init(rule: CertificateRule, field: String, offset: Int, message: String) {
        self.rule = rule
        self.field = field
        self.offset = offset
        self.message = message
    }

    /// The finding as one line: `key id at byte 116: it is empty (CERT-KEY-ID-EMPTY)`.
    public var description: String {
        "\(field) at byte \(offset): \(message) (\(rule.id.name))"
    }
}

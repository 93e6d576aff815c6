// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

// What all renderings for people say in the same words.

extension CeremonyReport {
    /// What the words are of.
    static let wordsExplained =
        "Words are for reading aloud: one for each byte of the SHA-256 above them, of items for its "
        + "first 16 bytes."

    /// How many certificates came out.
    var issued: String {
        plannedCertificates == 0
            ? "no certificate was to be signed"
            : "\(certificates) of \(counted(plannedCertificates, "certificate"))"
    }

    /// A person for whose signature there is room.
    struct Signatory {
        /// What the person is.
        let role: String
        /// The name; nil where nobody but those who are there know it.
        let name: String?

        /// Role and name.
        var title: String { "\(role) \(name.map(ShownText.plain) ?? "____________________")" }
    }

    /// Everybody for whose signature there is room: the roster, and who typed.
    var signatories: [Signatory] {
        persons.map { Signatory(role: $0.isOfficer ? "officer" : "witness", name: $0.name) }
            + [Signatory(role: "operator", name: nil), Signatory(role: "present", name: nil)]
    }
}

extension CeremonyReport.Course {
    /// The tier, and what it means.
    var enforcement: String { tierMeaning.isEmpty ? tier : "\(tier): \(tierMeaning)" }
}

extension CeremonyReport.Token {
    /// What was made of the attestation, a line each.
    var attestationLines: [String] {
        guard let attestation else { return ["no attestation"] }
        var lines =
            attestation.isVerified
            ? ["attested: \(attestation.statement ?? "")"]
            : ["ATTESTATION NOT PROVEN, as the policy lets it"]
        if let root = attestation.root {
            lines.append("chain of \(attestation.certificates) to root key \(root.hex)")
        }
        return lines + attestation.faults.map { "not proven: \($0)" }
    }
}

extension CeremonyReport.Item.Subject {
    /// What the digest is of, in a word.
    var name: String {
        switch self {
        case .toBeSigned: "signed"
        case .list: "list"
        case .lines: "item"
        }
    }
}

extension CeremonyReport.Item.Certificate {
    /// The fields that people look at, in order; keys and digests are told from words.
    var details: [(name: String, value: String, isCode: Bool)] {
        let key = fields.publicKey
        var details = [
            ("key ID", fields.keyID, false), ("profile", profile, false),
            ("valid", "\(validity.after.text) to \(validity.before.text)", false),
            ("options", options.isEmpty ? "none" : options.joined(separator: " "), false),
            ("key", "\(key.fingerprint) (\(key.kind.shortName))", true),
            ("CA key", fields.signatureKey.fingerprint, true),
        ]
        if let requester { details.append(("asked by", requester, false)) }
        details.append(("request", request.hex, true))
        return details
    }
}

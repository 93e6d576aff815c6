// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

/// What a signature says, and whether it does what was demanded of it.
struct SignatureReport: Sendable {
    /// Whether the signature was taken.
    enum Verdict: Sendable {
        /// It does all that was demanded.
        case good(AllowedSignature)
        /// It does not.
        case refused(SignatureRefusal)
    }

    /// The signature.
    let signature: SSHSIG
    /// The signature's file.
    let path: String
    /// What was demanded.
    let demand: SignatureDemand
    /// What came out.
    let verdict: Verdict
    /// Who may sign.
    let allowedSigners: AllowedSigners
    /// The file of those who may sign.
    let listPath: String
    /// The file of revoked keys; nil where none was given.
    let revokedPath: String?

    /// Whether the signature was taken.
    var isGood: Bool {
        if case .good = verdict { true } else { false }
    }

    /// What speaks against it.
    var faults: [SignatureRefusal.Fault] {
        if case .refused(let refusal) = verdict { refusal.faults } else { [] }
    }

    /// What speaks against it, as lines for standard error.
    var complaints: [String] {
        faults.map { fault in
            let file = fault.line == nil ? path : listPath
            return "\(shownPath(file)): \(shownText(fault.description)) (\(fault.reason.rule.name))"
        }
    }

    /// What a list of allowed signers refuses, as lines for standard error.
    static func lines(_ refusal: SignatureRefusal, of listPath: String) -> [String] {
        refusal.faults.map {
            "\(shownPath(listPath)): \(shownText($0.description)) (\($0.reason.rule.name))"
        }
    }
}

extension SignatureRefusal.Fault.Reason {
    /// The rule that is broken.
    var rule: RuleID {
        switch self {
        case .signature(let error):
            switch error.reason {
            case .wrongNamespace: .signatureNamespace
            case .keyRefused, .unsupportedKind: .signatureKey
            case .certificateForged, .certificateSigner: .signatureCertificate
            case .wrongSignature, .algorithmMismatch, .otherKey, .webAuthnRefused,
                .userPresenceMissing, .encodingRefused, .library:
                .signatureHolds
            }
        case .certificate: .signatureCertificate
        case .userPresenceMissing: .signatureTouch
        case .userVerificationMissing: .signatureVerification
        case .revoked: .signatureRevoked
        case .notAllowed: .signatureSigner
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Documents

/// The rules of what a bundle is made of: its files, their sums and who signed them.
extension RuleID {
    /// A bundle bears the mark of one that is complete, with its own name.
    static let complete = RuleID("VERIFY-COMPLETE")
    /// A bundle holds plain files and directories with plain names, within the limits.
    static let plainFile = RuleID("VERIFY-FILE")
    /// Every file of a bundle is listed with its SHA-256, and every listed file is there.
    static let listed = RuleID("VERIFY-LISTED")
    /// A file has the SHA-256 under which it is listed.
    static let sum = RuleID("VERIFY-SUM")
    /// The list of sums is signed by as many persons of the roster as the roster asks for.
    static let seal = RuleID("VERIFY-SEAL")
}

/// The rules of what a bundle stands on: the home, its rules and the approved batch.
extension RuleID {
    /// The home is the one that the auditor expects.
    static let home = RuleID("VERIFY-HOME")
    /// The genesis is signed by every officer, and its policy and roster are the ones it names.
    static let genesis = RuleID("VERIFY-GENESIS")
    /// The manifest belongs to this home, its policy and its roster.
    static let manifest = RuleID("VERIFY-MANIFEST")
    /// Each item of the manifest is one that the policy allows, in the class that the policy sets.
    static let item = RuleID("VERIFY-ITEM")
    /// Each request has the ID that its item names, is signed by its key and asks for what was granted.
    static let request = RuleID("VERIFY-REQUEST")
    /// The approvals are numbered from 1, hold over the manifest and are by officers, each once.
    static let approval = RuleID("VERIFY-APPROVAL")
}

/// The rules of what a bundle hands out.
extension RuleID {
    /// Each certificate is the one that its item describes, and each item has its certificate.
    static let certificate = RuleID("VERIFY-CERTIFICATE")
    /// A certificate is signed by the key that it names, and that key is a CA key.
    static let signature = RuleID("VERIFY-SIGNATURE")
    /// A certificate is within its validity.
    static let validity = RuleID("VERIFY-VALIDITY")
    /// A certified key's numbers are those of a sound key.
    static let subjectKey = RuleID("VERIFY-KEY")
    /// The revocation list is the one that was approved, can be read, and revokes what was approved.
    static let revocationList = RuleID("VERIFY-KRL")
    /// The trust files hold the CA keys of the genesis and no others.
    static let trust = RuleID("VERIFY-TRUST")
    /// The files for sshd set what the policy says and nothing else.
    static let server = RuleID("VERIFY-SERVER")
}

/// The rules of the ledger's entries in a bundle.
extension RuleID {
    /// The entries can be read, follow one another and name texts that are there.
    static let entry = RuleID("VERIFY-ENTRY")
    /// A text that an entry names is there under its SHA-256, and no other text is.
    static let content = RuleID("VERIFY-CONTENT")
    /// The checkpoint is of this home, of these entries, and has their root hash.
    static let checkpoint = RuleID("VERIFY-CHECKPOINT")
    /// The entries tell of a ceremony in its right order: approval, opening, intent, certificate, end.
    static let ceremony = RuleID("VERIFY-CEREMONY")
    /// The state that a ceremony's end records is the one that the entries lead to, field by field.
    static let state = RuleID("VERIFY-STATE")
    /// The attestation of a token is proven by its certificates, and is what the policy demands.
    static let token = RuleID("VERIFY-TOKEN")
    /// The report tells of the ceremony what the rest of the bundle proves.
    static let report = RuleID("VERIFY-REPORT")
}

/// The rules of a signature over a file.
extension RuleID {
    /// The file holds one armored signature of version 1 and nothing else.
    static let signatureForm = RuleID("SIGNATURE-FORM")
    /// A signature counts for the namespace that it was made for.
    static let signatureNamespace = RuleID("SIGNATURE-NAMESPACE")
    /// The signer's key made the signature over this very message.
    static let signatureHolds = RuleID("SIGNATURE-HOLDS")
    /// The signer's key is one with which signatures prove something.
    static let signatureKey = RuleID("SIGNATURE-KEY")
    /// A line of the allowed signers lets the signer sign so, at that time.
    static let signatureSigner = RuleID("SIGNATURE-SIGNER")
    /// The signer's certificate is signed, within its time, and for more than a login.
    static let signatureCertificate = RuleID("SIGNATURE-CERTIFICATE")
    /// A FIDO token was touched for the signature.
    static let signatureTouch = RuleID("SIGNATURE-TOUCH")
    /// A FIDO token verified its user for the signature, where that is demanded.
    static let signatureVerification = RuleID("SIGNATURE-VERIFICATION")
    /// Neither the signer nor the authority of its certificate is revoked.
    static let signatureRevoked = RuleID("SIGNATURE-REVOKED")
    /// The revoked keys can be read whole, and there are any.
    static let signatureRevocations = RuleID("SIGNATURE-REVOCATIONS")
    /// Each line of the allowed signers can be read.
    static let signatureLine = RuleID("SIGNATURE-LINE")
}

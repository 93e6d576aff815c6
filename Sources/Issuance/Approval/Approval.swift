// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto
public import SSHFormats

/// An officer's signature over a batch manifest, checked against roster and manifest.
public struct Approval: Hashable, Sendable {
    /// The officer who signed.
    public let officer: String
    /// The key that signed.
    public let key: PublicKey
    /// The signature, as an armored SSHSIG.
    public let armored: [UInt8]

    /// Checks a signature over this manifest.
    ///
    /// - Throws: `Violations` of `APPROVAL-SIGNATURE` or `APPROVAL-STRANGER`.
    public init(
        armored: [UInt8], manifest: BatchManifest, roster: Roster
    ) throws(Violations) {
        let signature = try OfficerSignature(
            armored: armored, message: manifest.text, namespace: BatchManifest.namespace,
            what: "batch \(manifest.header.number)")
        guard let officer = roster.officer(holding: signature.key) else {
            let witness = roster.person(holding: signature.key)
            throw Violations([
                Violation(
                    .approvalStranger,
                    witness.map { "\($0.name) is a witness and has no vote" }
                        ?? "key \(signature.key.fingerprint) belongs to no officer on the roster",
                    hint: "approve with a key that the roster lists for an officer")
            ])
        }
        self.officer = officer.name
        key = signature.key
        self.armored = armored
    }
}

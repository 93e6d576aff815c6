// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto
public import SSHFormats

/// An armored signature that was found to hold over a message; its maker is not judged yet.
public struct OfficerSignature: Sendable {
    /// The key that signed.
    public let key: PublicKey

    /// Checks that the signature holds over `message` under `namespace`.
    ///
    /// - Throws: `Violations` of `APPROVAL-SIGNATURE`, naming the fault and what `what` is.
    public init(
        armored: [UInt8], message: [UInt8], namespace: String, what: String
    ) throws(Violations) {
        let signature: SSHSIG
        do throws(FormatError) {
            signature = try SSHSIG(armored: armored)
        } catch {
            throw Violations([
                Violation(.approvalSignature, "the signature cannot be read: \(error)")
            ])
        }
        guard signature.signer.certificate == nil else {
            throw Violations([
                Violation(
                    .approvalSignature,
                    "the signature is made with a certificate for "
                        + "\(signature.publicKey.fingerprint), not with the key itself",
                    hint: "sign with the key that the roster lists: -f KEY, not -f KEY-cert.pub")
            ])
        }
        guard signature.namespace == namespace else {
            throw Violations([
                Violation(
                    .approvalSignature,
                    "the signature was made for \"\(signature.namespace)\", not for "
                        + "\"\(namespace)\"",
                    hint: "sign with: ssh-keygen -Y sign -n \(namespace)")
            ])
        }
        do throws(SSHCryptoError) {
            _ = try signature.verify(message: message, namespace: namespace)
        } catch {
            throw Violations([
                Violation(
                    .approvalSignature,
                    "the signature by \(signature.publicKey.fingerprint) does not hold over "
                        + "\(what): \(error)",
                    hint: error.reason == .userPresenceMissing
                        ? "touch the key when it asks"
                        : "it belongs to another text, or the text was altered")
            ])
        }
        key = signature.publicKey
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance
import SSHCrypto
public import SSHFormats
import Synchronization
import Token

/// A certificate that may leave: parsed back, equal to the approved bytes, its signature verified.
///
/// The one initialiser does all three, with code that is independent of the token.
public struct VerifiedCertificate: Sendable {
    /// The certificate.
    public let certificate: Certificate

    /// Puts a signature to approved bytes, and checks the whole.
    ///
    /// - Throws: `RunnerError` naming the serial and what is wrong; `TokenError` where it is the
    ///   token's signature.
    init(order: SigningOrder, signature: UnverifiedSignature) throws {
        let serial = order.item.fields.serial
        do {
            // The strict parser reads the whole back here, and finds the signed bytes in it.
            let certificate = try Certificate(
                toBeSigned: order.certificate.bytes, signature: signature.signature)
            guard certificate.toBeSigned == order.certificate.bytes,
                certificate.fields == order.item.fields
            else {
                throw RunnerError.unsound("it is not what was approved")
            }
            let key = try VerificationKeys.key(for: certificate.fields.signatureKey)
            do {
                try certificate.verifySignature(using: key)
            } catch {
                throw TokenError(
                    .wrongSignature,
                    "the token's signature of certificate \(serial) of \(order.item.authority) is "
                        + "refused: \(error)",
                    hint:
                        "nothing of it was handed out; the token is broken, or another one than before"
                )
            }
            self.certificate = certificate
        } catch let error as TokenError {
            throw error
        } catch {
            throw RunnerError.unsound(
                "certificate \(serial) of \(order.item.authority) is not released: \(error)")
        }
    }
}

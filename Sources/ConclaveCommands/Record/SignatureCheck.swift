// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import Spool

/// Whether an authority made a certificate's signature, as far as it can be said.
enum SignatureCheck {
    /// What is wrong with the signature, or nil where it is genuine or cannot be checked here.
    ///
    /// A broken key, an algorithm that is no longer used and an encoding of its own can't be checked:
    /// whether such a certificate is revoked is a question none the less.
    static func fault(of certificate: RevocationSubject.Certification) -> String? {
        guard let authority = certificate.authority,
            let key = try? VerificationKey(authority, minimumRSABits: 1024),
            let signature = try? Signature(blob: certificate.signature)
        else { return nil }
        do throws(SSHCryptoError) {
            try key.verify(signature, over: certificate.toBeSigned)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Why no release of OpenSSH reads a key, where only the crypto library finds out.
    static let authorityFault: @Sendable (PublicKey) -> String? = { key in
        guard key.kind.curve != nil else { return nil }
        return key.faults().first.map { "\($0)" }
    }

    /// What reading specifications needs of the crypto library.
    static let tools = RevocationTools(
        sha1: { sha1($0) }, sha256: { SHA256Digest(hashing: $0).bytes }, signatureFault: fault)
}

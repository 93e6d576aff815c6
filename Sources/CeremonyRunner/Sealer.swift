// SPDX-License-Identifier: Apache-2.0
import Issuance
public import SSHFormats

/// A person who is there, and the means of signing for this person.
public struct Sealer {
    /// The public key that will sign.
    public let publicKey: PublicKey
    /// Makes the signature.
    public let signer: any OfficerSigner

    /// Names a sealer.
    public init(publicKey: PublicKey, signer: any OfficerSigner) {
        self.publicKey = publicKey
        self.signer = signer
    }

    /// Signs `message` under `namespace`; `what` it is, such as "the bundle", is for errors.
    ///
    /// - Returns: The armored SSHSIG, which holds and is of the key that was named.
    /// - Throws: what the signer throws; `Violations` of `APPROVAL-SIGNATURE`; `RunnerError`.
    func sign(_ message: [UInt8], namespace: String, what: String) async throws -> [UInt8] {
        let armored = try await signer.sign(message, namespace: namespace)
        let signature = try OfficerSignature(
            armored: armored, message: message, namespace: namespace, what: what)
        guard signature.key == publicKey else {
            throw RunnerError.unsound("\(what) was signed by another key than was named")
        }
        return armored
    }
}

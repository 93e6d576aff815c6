// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension RevokedKeys {
    /// Why a signer is revoked, or nil where none of its keys is: its own, and that of the
    /// authority of its certificate.
    public func reason(for signer: SSHSIG.Signer) -> RevocationReason? {
        switch self {
        case .keys(let keys):
            if keys.contains(signer.publicKey) { return .key }
            guard let authority = signer.certificate?.fields.signatureKey else { return nil }
            return keys.contains(authority) ? .authorityKey : nil
        case .list(let list):
            guard let fields = signer.certificate?.fields else {
                return list.revokes(
                    key: signer.publicKey, sha256: Self.sha256, sha1: Self.sha1)
            }
            return list.revokes(
                serial: fields.serial, keyID: fields.keyID, subjectKey: fields.publicKey,
                authority: fields.signatureKey, sha256: Self.sha256,
                sha1: Self.sha1)
        }
    }

    private static func sha1(_ blob: [UInt8]) -> [UInt8] { DigestAlgorithm.sha1.hash(blob) }

    private static func sha256(_ blob: [UInt8]) -> [UInt8] { DigestAlgorithm.sha256.hash(blob) }
}

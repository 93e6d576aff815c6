// SPDX-License-Identifier: Apache-2.0

public import SSHFormats
public import TokenEvidence

/// A key pair on a token: the public half, and what is known of the private half.
public struct TokenKey: Hashable, Sendable {
    /// The public key; it is what the key is found by.
    public let publicKey: PublicKey
    /// What is known of the private key.
    public let evidence: KeyEvidence
    /// The private key's label; a name for people, never what a key is found by.
    public let label: String
    /// The private key's `CKA_ID`; on a PIV card, the slot's key reference.
    public let id: [UInt8]

    /// Makes the description of a key pair.
    public init(publicKey: PublicKey, evidence: KeyEvidence, label: String, id: [UInt8]) {
        self.publicKey = publicKey
        self.evidence = evidence
        self.label = label
        self.id = id
    }

    /// Refuses a key that must not be a certificate authority's, or not even the declared copy of
    /// one.
    ///
    /// - Throws: ``TokenError`` that names every attribute at fault.
    public func requireNoFaults(
        on token: TokenIdentity, asCopy isCopy: Bool = false
    ) throws(TokenError) {
        let faults = evidence.faults(asCopy: isCopy)
        guard !faults.isEmpty else { return }
        throw TokenError(
            .attributeFault,
            "key \(label.quotedForDisplay) on \(token) must not sign certificates: "
                + faults.joined(separator: "; "))
    }
}

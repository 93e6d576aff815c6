// SPDX-License-Identifier: Apache-2.0

/// What is known of a private key beside its public half, each piece with the one who says it.
public struct KeyEvidence: Hashable, Sendable {
    /// What the PKCS#11 module claims; nil where none is in between.
    public var claims: ModuleClaims?
    /// What a PIV card tells of the key; nil where it is not one, or none that tells.
    public var metadata: KeyMetadata?
    /// What the device attests; nil where it attests nothing.
    public var attestation: AttestationChain?

    /// Puts the pieces together.
    public init(
        claims: ModuleClaims? = nil, metadata: KeyMetadata? = nil,
        attestation: AttestationChain? = nil
    ) {
        self.claims = claims
        self.metadata = metadata
        self.attestation = attestation
    }

    /// What is claimed, with the names that ledger and screens use, in a fixed order.
    public var statements: [(name: String, value: String)] {
        (claims?.claims ?? []) + (metadata?.statements ?? [])
    }

    /// What forbids the key to be a certificate authority's; empty where nothing does.
    ///
    /// Where nobody says anything of the key, that is a fault.
    public var faults: [String] { faults(asCopy: false) }

    /// What forbids the key to be a certificate authority's; of a module's key, the same for one
    /// that was declared to be restored from a wrapped backup.
    public func faults(asCopy isCopy: Bool) -> [String] {
        guard claims != nil || metadata != nil else {
            return ["neither a module nor the card says anything of the key"]
        }
        return (claims?.faults(asCopy: isCopy) ?? []) + (metadata?.faults ?? [])
    }
}

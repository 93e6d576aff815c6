// SPDX-License-Identifier: Apache-2.0

/// The certificates with which a device states that a key was made in it; nothing is verified yet.
public struct AttestationChain: Hashable, Sendable {
    /// The slot that was asked about; nil where the source does not know slots.
    public let slot: UInt8?
    /// The certificates in DER: the key's own first, then the device's, then what the site brings.
    public let certificates: [[UInt8]]

    /// Puts a chain together.
    public init(slot: UInt8?, certificates: [[UInt8]]) {
        self.slot = slot
        self.certificates = certificates
    }
}

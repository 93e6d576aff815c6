// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance
import SSHFormats

/// What lies behind the gate of a ceremony, as values that tests can compare.
public struct OpenGate {
    /// Whether the ceremony was interrupted before.
    public let isResumed: Bool
    /// The CA keys that the ceremony needs.
    public let signatureKeys: [PublicKey]
    /// What is to be signed.
    public let orders: [SigningOrder]
}

extension MemoryLedger {
    /// Asks for the right to sign.
    public func gate(_ manifest: BatchManifest, at time: String) throws -> OpenGate {
        let approved = try state.approve(manifest.id, at: HomeSupport.time(time))
        let isResumed = approved.isResumed
        let signatureKeys = approved.signatureKeys
        return OpenGate(
            isResumed: isResumed, signatureKeys: signatureKeys, orders: approved.orders())
    }
}

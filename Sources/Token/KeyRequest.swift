// SPDX-License-Identifier: Apache-2.0

public import TokenEvidence

/// What kind of key is to be made on a token, and under which rules.
public struct KeyRequest: Hashable, Sendable {
    /// The kind of key.
    public let kind: CAKeyKind
    /// The key's label, for tokens that keep one.
    public let label: String
    /// The slot, for PIV cards.
    public let slot: PIVSlot?
    /// When the key is to want the PIN, for PIV cards; nil for the slot's own rule.
    public let pinPolicy: PINPolicy?
    /// When the key is to want a touch, for PIV cards; nil for the card's own rule.
    public let touchPolicy: TouchPolicy?

    /// Asks for a key.
    public init(
        _ kind: CAKeyKind, label: String, slot: PIVSlot? = nil, pinPolicy: PINPolicy? = nil,
        touchPolicy: TouchPolicy? = nil
    ) {
        self.kind = kind
        self.label = label
        self.slot = slot
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a PIV card says of a private key when it is asked; a claim of the card, without proof.
///
/// What the card does not tell is nil: cards that are no YubiKeys tell nothing.
public struct KeyMetadata: Hashable, Sendable {
    /// Where the key comes from.
    public var origin: KeyOrigin?
    /// When the key wants the PIN.
    public var pinPolicy: PINPolicy?
    /// When the key wants to be touched.
    public var touchPolicy: TouchPolicy?

    /// Makes the metadata of what is told.
    public init(
        origin: KeyOrigin? = nil, pinPolicy: PINPolicy? = nil, touchPolicy: TouchPolicy? = nil
    ) {
        self.origin = origin
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
    }

    /// What is told, with the names that ledger and screens use, in a fixed order.
    public var statements: [(name: String, value: String)] {
        [
            ("origin", origin?.description ?? "unknown"),
            ("pin-policy", pinPolicy?.description ?? "unknown"),
            ("touch-policy", touchPolicy?.description ?? "unknown"),
        ]
    }

    /// What forbids the key to be a certificate authority's; empty where nothing does.
    public var faults: [String] {
        origin == .imported ? ["origin is imported, must be generated"] : []
    }
}

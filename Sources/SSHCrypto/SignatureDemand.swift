// SPDX-License-Identifier: Apache-2.0

/// What is asked of a signature that somebody must have been allowed to make.
public struct SignatureDemand: Hashable, Sendable {
    /// As whom it must be made.
    public var identity: String
    /// What it must be made for.
    public var namespace: String
    /// The moment for which it is judged, in seconds since 1970.
    public var time: UInt64
    /// Whether a FIDO token must have been touched; a certificate with `no-touch-required` is let off.
    public var requiresUserPresence: Bool
    /// Whether the key must be in a FIDO token that verified its user by PIN or finger.
    public var requiresUserVerification: Bool

    /// Asks for a signature.
    public init(
        identity: String, namespace: String, time: UInt64, requiresUserPresence: Bool = true,
        requiresUserVerification: Bool = false
    ) {
        self.identity = identity
        self.namespace = namespace
        self.time = time
        self.requiresUserPresence = requiresUserPresence
        self.requiresUserVerification = requiresUserVerification
    }
}

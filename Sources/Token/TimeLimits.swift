// SPDX-License-Identifier: Apache-2.0

/// How long calls on a token may take before it is given up.
///
/// A call that has begun cannot be taken back: a token that is given up answers no more in this
/// process, and what it may still do is nothing that anybody waits for.
public struct TimeLimits: Hashable, Sendable {
    /// For any call.
    public var call: Duration
    /// For a signature, which may wait for a touch or for a PIN on the token's own pad.
    public var signature: Duration
    /// For making a key pair: slow devices take minutes for RSA-4096.
    public var generation: Duration
    /// After how long a signature that has not come is said to wait for somebody.
    public var patience: Duration

    /// Makes limits.
    public init(
        call: Duration = .seconds(30), signature: Duration = .seconds(60),
        generation: Duration = .seconds(600), patience: Duration = .seconds(1)
    ) {
        self.call = call
        self.signature = signature
        self.generation = generation
        self.patience = patience
    }

    /// The limits that are used where nothing else is said.
    public static let standard = TimeLimits()
}

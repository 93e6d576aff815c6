// SPDX-License-Identifier: Apache-2.0

public import SSHFormats

/// A signature as a token made it, which nobody has verified yet.
///
/// The one who asks for it in place of a verified one verifies it, before anything else is done.
public struct UnverifiedSignature: Hashable, Sendable {
    /// The signature, to be verified with the key that it is said to come from.
    public let signature: Signature

    /// Takes what a token made.
    public init(_ signature: Signature) { self.signature = signature }
}

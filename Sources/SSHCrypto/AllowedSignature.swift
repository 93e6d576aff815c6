// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// A signature that does what was demanded of it; only a verification makes one.
public struct AllowedSignature: Sendable {
    /// The line that allows it.
    public let entry: AllowedSigners.Entry
    /// What the key says of the touch.
    public let signature: VerifiedSignature

    init(_ entry: AllowedSigners.Entry, _ signature: VerifiedSignature) {
        self.entry = entry
        self.signature = signature
    }
}

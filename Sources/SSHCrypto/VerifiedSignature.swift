// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// What a genuine signature says beyond that the key signed.
///
/// Only a verification makes one.
public struct VerifiedSignature: Hashable, Sendable {
    /// Whether the FIDO token was touched; nil for every other key.
    public let userPresent: Bool?
    /// Whether the FIDO token verified its user by PIN or finger; nil for every other key.
    public let userVerified: Bool?
    /// The FIDO token's count of signatures, zero where it keeps none; nil for every other key.
    public let counter: UInt32?
    /// The origin of the web page that had the FIDO token sign; nil where none had.
    public let origin: String?

    init(_ assertion: SecurityKeyAssertion?) {
        userPresent = assertion?.userPresent
        userVerified = assertion?.userVerified
        counter = assertion?.counter
        origin = assertion?.webAuthn?.origin
    }
}

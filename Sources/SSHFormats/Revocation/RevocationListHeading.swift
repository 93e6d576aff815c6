// SPDX-License-Identifier: Apache-2.0

/// What a revocation list says of itself.
public struct RevocationListHeading: Hashable, Sendable {
    /// The number by which a newer list is told from an older one.
    public let version: UInt64
    /// When the list was made, in seconds since 1970.
    public let generated: UInt64
    /// A remark for people, without the NUL that may end it.
    public let comment: [UInt8]
}

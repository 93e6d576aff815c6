// SPDX-License-Identifier: Apache-2.0

/// The parts of a signature as they were found.
public struct SignatureParts: Hashable, Sendable {
    /// The algorithm's name.
    public internal(set) var algorithm: ArraySlice<UInt8>?
    /// The string that follows the name.
    public internal(set) var value: ArraySlice<UInt8>?
    /// The first number of an ECDSA signature.
    public internal(set) var r: ArraySlice<UInt8>?
    /// The second number of an ECDSA signature.
    public internal(set) var s: ArraySlice<UInt8>?
    /// What follows both numbers.
    public internal(set) var valueLeftOver: ArraySlice<UInt8> = []
    /// The flags of a FIDO token.
    public internal(set) var flags: UInt8?
    /// What follows all fields.
    public internal(set) var leftOver: ArraySlice<UInt8> = []
}

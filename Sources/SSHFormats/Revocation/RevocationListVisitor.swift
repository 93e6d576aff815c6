// SPDX-License-Identifier: Apache-2.0

/// Takes in what a revocation list says, in the order in which the file says it.
///
/// Nothing is known to be a valid list before the scan has ended without an error.
public protocol RevocationListVisitor {
    /// The heading.
    mutating func read(heading: RevocationListHeading) throws(FormatError)
    /// A certificates section begins: what follows is about this authority's certificates.
    ///
    /// The blob is empty where it stands for any authority.
    mutating func read(authority keyBlob: [UInt8]) throws(FormatError)
    /// These serials are revoked; none of them is 0.
    mutating func read(serials: ClosedRange<UInt64>) throws(FormatError)
    /// The serials `start + N` are revoked for each bit N of `mask`; none of them is 0.
    mutating func read(serials mask: UInt64, from start: UInt64) throws(FormatError)
    /// This key ID is revoked.
    mutating func read(keyID: ArraySlice<UInt8>) throws(FormatError)
    /// The key with this blob is revoked; OpenSSH compares the bytes, whatever they are.
    mutating func read(key blob: ArraySlice<UInt8>) throws(FormatError)
    /// The key whose blob has this SHA-1 hash is revoked.
    mutating func read(sha1 hash: ArraySlice<UInt8>) throws(FormatError)
    /// The key whose blob has this SHA-256 hash is revoked.
    mutating func read(sha256 hash: ArraySlice<UInt8>) throws(FormatError)
}

extension RevocationListVisitor {
    /// Takes each run of a mask's bits as a range.
    public mutating func read(serials mask: UInt64, from start: UInt64) throws(FormatError) {
        var rest = mask
        while rest != 0 {
            let first = UInt64(rest.trailingZeroBitCount)
            let length = UInt64((~(rest >> first)).trailingZeroBitCount)
            rest &= first + length < 64 ? ~0 << (first + length) : 0
            try read(serials: start + first...start + (first + length - 1))
        }
    }
}

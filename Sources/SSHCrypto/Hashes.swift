// SPDX-License-Identifier: Apache-2.0

/// The SHA-1 digest of `message`, FIPS 180-4: 20 bytes, as old revocation lists have them.
///
/// Two keys can be made to have the same digest; a list that names it is to be made anew.
public func sha1(_ message: some Collection<UInt8>) -> [UInt8] {
    DigestAlgorithm.sha1.hash(message)
}

/// The SHA-384 digest of `message`, FIPS 180-4: 48 bytes.
public func sha384(_ message: some Collection<UInt8>) -> [UInt8] {
    DigestAlgorithm.sha384.hash(message)
}

/// The SHA-512 digest of `message`, FIPS 180-4: 64 bytes.
public func sha512(_ message: some Collection<UInt8>) -> [UInt8] {
    DigestAlgorithm.sha512.hash(message)
}

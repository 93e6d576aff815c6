// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
public import Token

/// The key that makes keys on a PIV card and writes its objects: as hidden as a ``PIN``.
///
/// Its bytes live in locked memory that is left out of core dumps and wiped when the last reference
/// goes. No description, reflection or dump shows them.
public final class ManagementKey: Sendable {
    /// The ciphers that a management key is for, SP 800-78-4 table 6-2.
    public enum Algorithm: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
        /// Triple DES, 24 bytes: all there was before firmware 5.4.2.
        case tripleDES = 0x03
        /// AES, 16 bytes.
        case aes128 = 0x08
        /// AES, 24 bytes.
        case aes192 = 0x0A
        /// AES, 32 bytes.
        case aes256 = 0x0C

        /// The length of a key, in bytes.
        public var keyLength: Int { cipher.keyLength }

        /// The name as commands and screens write it.
        public var description: String {
            switch self {
            case .tripleDES: "3des"
            case .aes128: "aes128"
            case .aes192: "aes192"
            case .aes256: "aes256"
            }
        }

        var cipher: BlockCipher.Algorithm {
            switch self {
            case .tripleDES: .tripleDES
            case .aes128: .aes128
            case .aes192: .aes192
            case .aes256: .aes256
            }
        }
    }

    private let storage: Storage

    /// Copies a key from bytes: 16, 24 or 32 of them.
    ///
    /// - Throws: ``TokenError`` where there are more or fewer.
    public convenience init(_ bytes: some Sequence<UInt8>) throws(TokenError) {
        var memory = try LockedBytes()
        for byte in bytes {
            guard memory.count < 32, memory.append(byte) else { throw Self.wrongLength("more") }
        }
        try self.init(memory)
    }

    /// Reads a key from hexadecimal digits, in either case.
    ///
    /// - Throws: ``TokenError`` where there are others, or not 32, 48 or 64; no digit is shown.
    public convenience init(hexDigits: some Sequence<UInt8>) throws(TokenError) {
        var memory = try LockedBytes()
        var high: UInt8?
        for digit in hexDigits {
            guard let value = Self.value(digit) else {
                throw TokenError(
                    .pinUnavailable, "management key has a character that is no hexadecimal digit")
            }
            if let first = high {
                guard memory.count < 32, memory.append(first << 4 | value) else {
                    throw Self.wrongLength("more")
                }
                high = nil
            } else {
                high = value
            }
        }
        guard high == nil else {
            throw TokenError(
                .pinUnavailable, "management key has an odd number of hexadecimal digits")
        }
        try self.init(memory)
    }

    private init(_ memory: consuming LockedBytes) throws(TokenError) {
        guard [16, 24, 32].contains(memory.count) else {
            throw Self.wrongLength("\(memory.count)")
        }
        storage = Storage(memory)
    }

    /// The length of the key, in bytes.
    public var length: Int { storage.bytes.count }

    /// Hands the bytes out for as long as `body` runs; they must not be kept.
    func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.bytes.withBytes(body)
    }

    private static func wrongLength(_ count: String) -> TokenError {
        TokenError(
            .pinUnavailable, "management key of \(count) bytes is not one of 16, 24 or 32 bytes")
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Never written after it is made, so it may be read from any thread.
    private final class Storage: @unchecked Sendable {
        let bytes: LockedBytes

        init(_ bytes: consuming LockedBytes) { self.bytes = bytes }
    }
}

extension ManagementKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The same text for every key.
    public var description: String { "ManagementKey(hidden)" }

    /// The same text for every key.
    public var debugDescription: String { "ManagementKey(hidden)" }

    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

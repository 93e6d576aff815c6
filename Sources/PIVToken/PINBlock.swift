// SPDX-License-Identifier: Apache-2.0

import Glibc
import Token

/// The eight bytes in which a PIN or PUK goes to a card, SP 800-73-4 part 2 section 2.4.3.
enum PINBlock {
    /// The length of a block, in bytes.
    static let length = 8
    /// How long a PIN or PUK is, in bytes.
    static let lengths = 6...8

    /// Refuses what the card would refuse, before the card counts it as a wrong try.
    ///
    /// - Throws: ``TokenError`` where the PIN is too short, too long, or not ASCII.
    static func check(_ pin: PIN, named name: String = "PIN") throws(TokenError) {
        try pin.withBytes { bytes throws(TokenError) in
            guard lengths.contains(bytes.byteCount) else {
                throw TokenError(
                    .pinLength,
                    "\(name) of \(bytes.byteCount) bytes was not tried: a PIV card takes "
                        + "\(lengths.lowerBound) to \(lengths.upperBound)")
            }
            for index in 0..<bytes.byteCount
            where !(0x20...0x7E).contains(
                unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            {
                throw TokenError(
                    .pinUnavailable,
                    "\(name) was not tried: it has a character that is not ASCII",
                    hint: "a PIV card takes six to eight digits; some take other ASCII characters")
            }
        }
    }

    /// Puts the block of a PIN that was checked behind what is there.
    static func append(_ pin: PIN, to bytes: inout [UInt8]) {
        let start = bytes.count
        pin.withBytes { span in
            for index in 0..<min(span.byteCount, length) {
                bytes.append(unsafe span.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            }
        }
        while bytes.count < start + length { bytes.append(0xFF) }
    }
}

extension [UInt8] {
    /// Overwrites the bytes, in the way that a compiler does not leave out.
    mutating func wipe() {
        unsafe withUnsafeMutableBytes { buffer in
            if let base = buffer.baseAddress { unsafe explicit_bzero(base, buffer.count) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The little of ITU-T X.690 that is written: signatures for libcrypto, and public keys.
enum DER {
    /// A SEQUENCE of positive INTEGERs, each given as a big-endian magnitude.
    static func sequence(of magnitudes: [[UInt8]]) -> [UInt8] {
        var contents: [UInt8] = []
        contents.reserveCapacity(magnitudes.reduce(0) { $0 + $1.count + longestHeading + 1 })
        for magnitude in magnitudes {
            let digits = magnitude.drop { $0 == 0 }
            let needsSign = digits.first.map { $0 >= 0x80 } ?? true
            appendHeading(0x02, digits.count + (needsSign ? 1 : 0), to: &contents)
            if needsSign { contents.append(0) }
            contents += digits
        }
        return element(0x30, contents)
    }

    /// An element of this tag.
    static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(longestHeading + contents.count)
        appendHeading(tag, contents.count, to: &bytes)
        bytes += contents
        return bytes
    }

    /// Appends tag and length of an element with contents of so many bytes.
    private static func appendHeading(_ tag: UInt8, _ count: Int, to bytes: inout [UInt8]) {
        bytes.append(tag)
        // From 128 bytes on: the number of length bytes, then the length without leading zeros.
        let length = (Int.bitWidth - count.leadingZeroBitCount + 7) / 8
        if count >= 0x80 { bytes.append(0x80 | UInt8(truncatingIfNeeded: length)) }
        for place in stride(from: 8 * max(length, 1) - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> place))
        }
    }

    /// The most bytes of tag and length together.
    private static let longestHeading = 10
}

// SPDX-License-Identifier: Apache-2.0

/// The little of ITU-T X.690 that is written: signatures for libcrypto, and public keys.
enum DER {
    /// A SEQUENCE of positive INTEGERs, each given as a big-endian magnitude.
    static func sequence(of magnitudes: [[UInt8]]) -> [UInt8] {
        element(0x30, magnitudes.flatMap { integer($0) })
    }

    private static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        let needsSign = digits.first.map { $0 >= 0x80 } ?? true
        return element(0x02, needsSign ? [0] + digits : digits)
    }

    /// An element of this tag.
    static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = contents.count
        repeat {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        } while rest > 0
        // From 128 bytes on: the number of length bytes, then the length without leading zeros.
        if contents.count >= 0x80 {
            length.insert(0x80 | UInt8(truncatingIfNeeded: length.count), at: 0)
        }
        return [tag] + length + contents
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The codewords with which a damaged QR code is mended: Reed and Solomon's over the field of 256.
///
/// ISO/IEC 18004:2015, section 7.5 and annex A.
struct ReedSolomon {
    /// The generator's coefficients behind the leading one, the highest power first.
    private let generator: [UInt8]

    /// Makes `count` codewords for each block.
    init(count: Int) {
        // The product of (x - 2^0) to (x - 2^(count - 1)).
        var generator = [UInt8](repeating: 0, count: max(0, count - 1)) + [1]
        var root: UInt8 = 1
        for _ in 0..<count {
            for place in generator.indices {
                generator[place] = Self.product(generator[place], root)
                if place + 1 < generator.count { generator[place] ^= generator[place + 1] }
            }
            root = Self.product(root, 2)
        }
        self.generator = generator
    }

    /// The codewords of correction for a block of data.
    func codewords(for data: some Sequence<UInt8>) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: generator.count)
        for byte in data {
            let factor = byte ^ (rest.first ?? 0)
            rest = rest.dropFirst() + [0]
            for place in rest.indices { rest[place] ^= Self.product(generator[place], factor) }
        }
        return rest
    }

    /// The product in the field of 256 whose modulus is x^8 + x^4 + x^3 + x^2 + 1.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var sum = 0
        for bit in (0..<8).reversed() {
            sum = sum << 1 ^ (sum >> 7) * 0x11D
            sum ^= Int(right >> bit & 1) * Int(left)
        }
        return UInt8(truncatingIfNeeded: sum)
    }
}

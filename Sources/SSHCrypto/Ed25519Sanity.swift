// SPDX-License-Identifier: Apache-2.0

/// What can be seen to be wrong with an Ed25519 key, RFC 8032 section 5.1.
enum Ed25519Sanity {
    /// The faults of the key of these 32 bytes; none where it is sane.
    static func faults(_ key: [UInt8]) -> [KeyFault] {
        // The last byte's highest bit is the sign of x; the rest is y, least significant first.
        guard key.count == 32, let last = key.last else {
            return [.ed25519Length(key.count)]
        }
        let y = Array((key.dropLast() + [last & 0x7F]).reversed())
        guard y.lexicographicallyPrecedes(prime) else {
            return [.ed25519NotCanonical]
        }
        guard !smallOrder.contains(y) else { return [.ed25519SmallOrder] }
        guard isOnCurve(BigNumber(y)) else { return [.ed25519NotOfCurve] }
        return []
    }

    /// Whether some x belongs to `y`, which is neither 1 nor -1.
    ///
    /// On the curve x^2 = (y^2 - 1) / (d * y^2 + 1) with d = -121665 / 121666. A fraction is a
    /// square where the product of its parts is one, and its denominator is never zero.
    private static func isOnCurve(_ y: borrowing BigNumber) -> Bool {
        let square = y.multiplied(by: y)
        let numerator = square.subtracting(BigNumber(1))
        let denominator = BigNumber(121_666).subtracting(
            BigNumber(121_665).multiplied(by: square))
        let product = numerator.multiplied(by: denominator).multiplied(by: BigNumber(121_666))
        return product.kroneckerSymbol(over: BigNumber(prime)) == 1
    }

    /// 2^255 - 19, most significant byte first.
    private static let prime: [UInt8] =
        [0x7F] + [UInt8](repeating: 0xFF, count: 30) + [0xED]

    /// The y of the eight points whose order divides 8: of order 4, 1, 2, and twice 8.
    ///
    /// A signature by such a key is easily made to fit any message.
    private static let smallOrder: Set<[UInt8]> = [
        [UInt8](repeating: 0, count: 32),
        [UInt8](repeating: 0, count: 31) + [1],
        [0x7F] + [UInt8](repeating: 0xFF, count: 30) + [0xEC],
        [
            0x05, 0xFC, 0x53, 0x6D, 0x88, 0x02, 0x38, 0xB1, 0x39, 0x33, 0xC6, 0xD3, 0x05, 0xAC,
            0xDF, 0xD5, 0xF0, 0x98, 0xEF, 0xF2, 0x89, 0xF4, 0xC3, 0x45, 0xB0, 0x27, 0xB2, 0xC2,
            0x8F, 0x95, 0xE8, 0x26,
        ],
        [
            0x7A, 0x03, 0xAC, 0x92, 0x77, 0xFD, 0xC7, 0x4E, 0xC6, 0xCC, 0x39, 0x2C, 0xFA, 0x53,
            0x20, 0x2A, 0x0F, 0x67, 0x10, 0x0D, 0x76, 0x0B, 0x3C, 0xBA, 0x4F, 0xD8, 0x4D, 0x3D,
            0x70, 0x6A, 0x17, 0xC7,
        ],
    ]
}

// SPDX-License-Identifier: Apache-2.0

/// What can be seen to be wrong with an Ed25519 key, RFC 8032 section 5.1.
enum Ed25519Sanity {
    /// The faults of the key of these 32 bytes; none where it is sane.
    ///
    /// Whether it is a point of the curve takes longest to see, and may be left out where a signature
    /// by the key shows it.
    static func faults(_ key: [UInt8], asksForCurve: Bool = true) -> [KeyFault] {
        // The last byte's highest bit is the sign of x; the rest is y, least significant first.
        guard key.count == 32 else { return [.ed25519Length(key.count)] }
        let number = UInt256(littleEndian: key)
        let y = UInt256(high: number.high & .max >> 1, low: number.low)
        guard y < FieldElement.prime else { return [.ed25519NotCanonical] }
        guard !smallOrder.contains(y) else { return [.ed25519SmallOrder] }
        guard !asksForCurve || isOnCurve(FieldElement(y)) else { return [.ed25519NotOfCurve] }
        return []
    }

    /// Whether some x belongs to `y`, which is neither 1 nor -1.
    ///
    /// On the curve x^2 = (y^2 - 1) / (d * y^2 + 1) with d = -121665 / 121666. A fraction is a
    /// square where the product of its parts is one, and its denominator is never zero. Minus one
    /// is a square: so the denominator may have either sign.
    private static func isOnCurve(_ y: FieldElement) -> Bool {
        let minusOne = FieldElement(FieldElement.prime &- UInt256(low: 1))
        let numerator = y * y + minusOne
        let denominator = FieldElement(UInt256(low: 121_665)) * numerator + minusOne
        return (numerator * denominator * FieldElement(UInt256(low: 121_666))).isSquare
    }

    /// The y of the eight points whose order divides 8: of order 4, 1, 2, and twice 8.
    ///
    /// A signature by such a key is easily made to fit any message.
    private static let smallOrder = [
        UInt256(low: 0),
        UInt256(low: 1),
        FieldElement.prime &- UInt256(low: 1),
        UInt256(
            high: 0x05FC_536D_8802_38B1_3933_C6D3_05AC_DFD5,
            low: 0xF098_EFF2_89F4_C345_B027_B2C2_8F95_E826),
        UInt256(
            high: 0x7A03_AC92_77FD_C74E_C6CC_392C_FA53_202A,
            low: 0x0F67_100D_760B_3CBA_4FD8_4D3D_706A_17C7),
    ]
}

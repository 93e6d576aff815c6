// SPDX-License-Identifier: Apache-2.0

/// A whole number below 2^256, with the few operations that the check of a key needs.
///
/// None of them is made for secrets.
struct UInt256: Equatable {
    /// The number divided by 2^128.
    let high: UInt128
    /// The number modulo 2^128.
    let low: UInt128

    /// The number of these halves.
    init(high: UInt128 = 0, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// The number that 32 bytes spell, least significant byte first; what lies behind them is left out.
    init(littleEndian bytes: [UInt8]) {
        func half(_ bytes: ArraySlice<UInt8>) -> UInt128 {
            var number: UInt128 = 0
            for byte in bytes { number = number >> 8 | UInt128(byte) << 120 }
            return number
        }
        self.init(high: half(bytes.dropFirst(16).prefix(16)), low: half(bytes.prefix(16)))
    }

    /// Whether this number is below another.
    static func < (left: Self, right: Self) -> Bool {
        left.high < right.high || (left.high == right.high && left.low < right.low)
    }

    /// The sum of two numbers modulo 2^256, and what has to be carried.
    func adding(_ other: Self) -> (carry: UInt64, sum: Self) {
        let low = low.addingReportingOverflow(other.low)
        let high = high.addingReportingOverflow(other.high)
        let sum = high.partialValue.addingReportingOverflow(low.overflow ? 1 : 0)
        return (
            high.overflow || sum.overflow ? 1 : 0,
            Self(high: sum.partialValue, low: low.partialValue)
        )
    }

    /// This number less another one, modulo 2^256.
    static func &- (left: Self, right: Self) -> Self {
        let low = left.low.subtractingReportingOverflow(right.low)
        return Self(
            high: left.high &- right.high &- (low.overflow ? 1 : 0), low: low.partialValue)
    }

    /// The product of two numbers, divided by 2^256 and modulo that.
    func multiplied(by other: Self) -> (high: Self, low: Self) {
        let (left, right) = (words, other.words)
        var product = InlineArray<8, UInt64>(repeating: 0)
        for row in 0..<4 {
            var carry: UInt128 = 0
            for column in 0..<4 {
                carry += UInt128(left[row]) * UInt128(right[column])
                carry += UInt128(product[row + column])
                product[row + column] = UInt64(truncatingIfNeeded: carry)
                carry >>= 64
            }
            product[row + 4] = UInt64(truncatingIfNeeded: carry)
        }
        func half(_ index: Int) -> UInt128 {
            UInt128(product[index + 1]) << 64 | UInt128(product[index])
        }
        return (Self(high: half(6), low: half(4)), Self(high: half(2), low: half(0)))
    }

    /// The number in four parts of 64 bits, the least significant first.
    private var words: InlineArray<4, UInt64> {
        [
            UInt64(truncatingIfNeeded: low), UInt64(truncatingIfNeeded: low >> 64),
            UInt64(truncatingIfNeeded: high), UInt64(truncatingIfNeeded: high >> 64),
        ]
    }

    /// The quotient of this number, which is not zero, by the greatest power of two that divides it,
    /// and the exponent of that power.
    @inline(__always)
    private var oddPart: (quotient: Self, exponent: Int) {
        guard low != 0 else {
            let exponent = high.trailingZeroBitCount
            return (Self(low: high &>> UInt128(exponent)), exponent + 128)
        }
        let exponent = low.trailingZeroBitCount
        // Both shifts by 128 give zero.
        return (
            Self(high: high >> exponent, low: low >> exponent | high << (128 - exponent)), exponent
        )
    }

    /// The Jacobi symbol of this number over an odd one: 0 where they share a factor; over a prime
    /// 1 where the number is a square, and -1 where it is none.
    func jacobiSymbol(over modulus: Self) -> Int {
        // Twos go by the second supplementary law, and where the numbers change places the law of
        // quadratic reciprocity says what becomes of the sign: its changes are counted in one bit.
        var (number, modulus, sign) = (self, modulus, UInt64(0))
        while number.high | modulus.high != 0 {
            guard number != Self(low: 0) else { return 0 }
            let (odd, twos) = number.oddPart
            let low = UInt64(truncatingIfNeeded: modulus.low)
            sign ^= UInt64(truncatingIfNeeded: twos) & (low >> 1 ^ low >> 2)
            if odd < modulus {
                sign ^= (UInt64(truncatingIfNeeded: odd.low) & low) >> 1
                (number, modulus) = (modulus &- odd, odd)
            } else {
                number = odd &- modulus
            }
        }
        return Self.jacobiSymbol(of: number.low, over: modulus.low, sign: sign)
    }

    /// The same of halves, which is done in half of the time.
    private static func jacobiSymbol(
        of number: UInt128, over modulus: UInt128, sign: UInt64
    ) -> Int {
        var (number, modulus, sign) = (number, modulus, sign)
        while number != 0 {
            let twos = number.trailingZeroBitCount
            let odd = number >> twos
            let low = UInt64(truncatingIfNeeded: modulus)
            sign ^= UInt64(truncatingIfNeeded: twos) & (low >> 1 ^ low >> 2)
            if odd < modulus {
                sign ^= (UInt64(truncatingIfNeeded: odd) & low) >> 1
                (number, modulus) = (modulus - odd, odd)
            } else {
                number = odd - modulus
            }
        }
        guard modulus == 1 else { return 0 }
        return sign & 1 == 0 ? 1 : -1
    }
}

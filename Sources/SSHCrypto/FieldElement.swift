// SPDX-License-Identifier: Apache-2.0

/// A number modulo 2^255 - 19, the field of Ed25519 (RFC 8032 section 5.1).
///
/// A value stands for all numbers that differ by a multiple of the prime, and may be any of them.
struct FieldElement {
    /// One of the numbers.
    let value: UInt256

    /// 2^255 - 19.
    static let prime = UInt256(high: .max >> 1, low: .max - 18)

    /// The sum of two elements.
    static func + (left: Self, right: Self) -> Self {
        let (carry, sum) = left.value.adding(right.value)
        return Self(folding: carry, sum)
    }

    /// The product of two elements.
    static func * (left: Self, right: Self) -> Self {
        let (high, low) = left.value.multiplied(by: right.value)
        let (highest, folded) = high.multiplied(by: UInt256(low: fold))
        let (carry, sum) = folded.adding(low)
        return Self(folding: UInt64(truncatingIfNeeded: highest.low) + carry, sum)
    }

    /// Whether the element is the square of another one, and not zero.
    var isSquare: Bool { value.jacobiSymbol(over: Self.prime) == 1 }

    /// The element of this number.
    init(_ value: UInt256) {
        self.value = value
    }

    /// The element of `value` and `high` times 2^256.
    private init(folding high: UInt64, _ value: UInt256) {
        let (carry, sum) = value.adding(UInt256(low: UInt128(high) * Self.fold))
        // What is left of a number that overflowed is small.
        self.value = carry == 0 ? sum : sum.adding(UInt256(low: Self.fold)).sum
    }

    /// What 2^256 leaves when it is divided by the prime.
    private static let fold: UInt128 = 38
}

// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Testing

@testable import SSHCrypto

/// Numbers of 256 bits beside libcrypto's.
@Suite("Numbers of the field of Ed25519")
struct FieldElementTests {
    /// Small numbers, those about the prime, its double and the powers of two, and any.
    private static let samples: [UInt256] = {
        let prime = FieldElement.prime
        let edges = [
            UInt256(low: 0), UInt256(low: 1), UInt256(low: .max), UInt256(high: 1, low: 0), prime,
            UInt256(high: .max, low: .max - 37), UInt256(high: .max, low: .max),
            UInt256(high: .max >> 1, low: .max), UInt256(high: 1 << 127, low: 0),
            UInt256(high: 0, low: 1 << 127), UInt256(high: 3 << 100, low: 0),
        ]
        let near = edges.flatMap {
            [$0, $0 &- UInt256(low: 1), $0.adding(UInt256(low: 1)).sum, $0 &- UInt256(low: 2)]
        }
        let any = (0..<20).map { _ in
            UInt256(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
        }
        return near + any
    }()

    /// A number of libcrypto's; within each call both sides live.
    private final class Number {
        private let pointer = BN_new()

        init(_ number: UInt256, high: UInt256 = UInt256(low: 0)) {
            let bytes = [high.high, high.low, number.high, number.low].flatMap { half in
                (0..<16).map { UInt8(truncatingIfNeeded: half >> (120 - 8 * $0)) }
            }
            BN_bin2bn(bytes, Int32(bytes.count), pointer)
        }

        deinit { BN_free(pointer) }

        func comparison(_ other: Number) -> Int32 { BN_cmp(pointer, other.pointer) }

        func sum(_ other: Number) -> Number {
            let sum = Number(UInt256(low: 0))
            BN_add(sum.pointer, pointer, other.pointer)
            return sum
        }

        func product(_ other: Number) -> Number {
            let product = Number(UInt256(low: 0))
            withContext { BN_mul(product.pointer, pointer, other.pointer, $0) }
            return product
        }

        func isCongruent(_ other: Number, modulo modulus: Number) -> Bool {
            let rest = Number(UInt256(low: 0))
            withContext {
                BN_mod_sub(rest.pointer, pointer, other.pointer, modulus.pointer, $0)
            }
            return BN_is_zero(rest.pointer) == 1
        }

        func kroneckerSymbol(_ modulus: Number) -> Int {
            withContext { Int(BN_kronecker(pointer, modulus.pointer, $0)) }
        }

        @discardableResult
        private func withContext<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
            let context = BN_CTX_new()
            defer { BN_CTX_free(context) }
            return body(context)
        }
    }

    @Test("sums and products are libcrypto's, and modulo 2^255 - 19 as well")
    func arithmetic() {
        for left in Self.samples {
            for right in Self.samples {
                let sum = Number(left).sum(Number(right))
                let (carry, low) = left.adding(right)
                #expect(
                    Number(low, high: UInt256(low: UInt128(carry))).comparison(sum) == 0)
                #expect(
                    Number((FieldElement(left) + FieldElement(right)).value)
                        .isCongruent(sum, modulo: Number(FieldElement.prime)))
                let product = Number(left).product(Number(right))
                let wide = left.multiplied(by: right)
                #expect(Number(wide.low, high: wide.high).comparison(product) == 0)
                #expect(
                    Number((FieldElement(left) * FieldElement(right)).value)
                        .isCongruent(product, modulo: Number(FieldElement.prime)))
                #expect((left < right) == (Number(left).comparison(Number(right)) < 0))
            }
        }
    }

    @Test("Jacobi symbols are libcrypto's, over the prime and over every odd number")
    func symbols() {
        let numbers = Self.samples + (0..<40).map { UInt256(low: $0) }
        for number in numbers {
            for modulus in numbers where modulus.low & 1 == 1 {
                #expect(
                    number.jacobiSymbol(over: modulus)
                        == Number(number).kroneckerSymbol(Number(modulus)))
            }
        }
    }

    @Test("a square is one, and twice a square is none")
    func squares() {
        for number in Self.samples {
            let element = FieldElement(number)
            let isZero = Number(number).isCongruent(
                Number(UInt256(low: 0)), modulo: Number(FieldElement.prime))
            #expect((element * element).isSquare == !isZero)
            // Two is no square modulo this prime.
            #expect(!(element * element * FieldElement(UInt256(low: 2))).isSquare)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What can be seen to be wrong with an RSA key from its two public numbers.
enum RSASanity {
    /// The longest modulus, in bits: what OpenSSH and libcrypto verify with.
    static let maximumBits = 16_384
    /// The least exponent.
    static let minimumExponent = 65_537
    /// The longest exponent, in bits: what Go's x/crypto/ssh reads.
    static let maximumExponentBits = 24

    /// The faults of the key of this exponent and this modulus; none where it is sane.
    static func faults(
        exponent: [UInt8], modulus: [UInt8], minimumBits: Int
    ) -> [KeyFault] {
        let number = BigNumber(modulus)
        let bits = number.bitLength
        guard bits <= maximumBits else {
            return [.modulusTooLong(bits: bits)]
        }
        var faults: [KeyFault] = []
        if bits < minimumBits {
            faults.append(.modulusTooShort(bits: bits, minimum: minimumBits))
        }
        faults += self.faults(exponent: BigNumber(exponent))
        if !number.isOdd {
            faults.append(.modulusEven)
        }
        if let factor = SmallPrimes.factor(of: number) {
            faults.append(.modulusDivisible(by: factor))
        }
        if hasROCAFingerprint(number) {
            faults.append(.modulusOfROCA)
        }
        if number.isOdd, hasCloseFactors(number) {
            faults.append(.modulusOfCloseFactors)
        }
        return faults
    }

    private static func faults(exponent: borrowing BigNumber) -> [KeyFault] {
        let bits = exponent.bitLength
        guard bits <= maximumExponentBits else {
            return [.exponentTooLong(bits: bits)]
        }
        var faults: [KeyFault] = []
        let value = exponent.remainder(dividingBy: 1 << UInt(maximumExponentBits))
        if value < minimumExponent {
            faults.append(.exponentTooSmall(value))
        }
        if value % 2 == 0 {
            faults.append(.exponentEven(value))
        }
        return faults
    }

    /// Whether `modulus` has the mark of primes k * M + (65537^a mod M), M a product of all small
    /// primes: Nemec, Sys, Svenda, Klinec, Matyas, "The Return of Coppersmith's Attack" (2017),
    /// section 2.3.
    ///
    /// Modulo each small prime such a modulus is a power of 65537. All the key lengths concerned
    /// have the primes up to 167 in M; a modulus of other making passes for one less than once in
    /// 10^8 keys.
    static func hasROCAFingerprint(_ modulus: borrowing BigNumber) -> Bool {
        for (prime, powers) in rocaPowers
        where !powers.contains(modulus.remainder(dividingBy: prime)) {
            return false
        }
        return true
    }

    /// The powers of 65537 modulo each odd prime up to 167.
    private static let rocaPowers: [(prime: UInt, powers: Set<UInt>)] =
        SmallPrimes.odd.prefix { $0 <= 167 }.map { prime in
            var powers: Set<UInt> = []
            var power: UInt = 1
            while powers.insert(power).inserted { power = power * 65_537 % prime }
            return (prime, powers)
        }

    /// How many steps Fermat's method is given, as many as Boulder gives it.
    private static let fermatRounds = 110

    /// Whether Fermat's method splits the odd number `modulus` within a few steps, as it does
    /// where both factors agree in their upper half, or are one (CVE-2022-26320).
    static func hasCloseFactors(_ modulus: borrowing BigNumber) -> Bool {
        // n = a^2 - b^2 = (a + b) * (a - b): a from the square root of n upwards.
        let one = BigNumber(1)
        var middle = modulus.squareRoot()
        var square = middle.multiplied(by: middle).subtracting(modulus)
        for _ in 0..<fermatRounds {
            if !square.isNegative, square.isSquare { return true }
            square = square.adding(middle).adding(middle).adding(one)
            middle = middle.adding(one)
        }
        return false
    }
}

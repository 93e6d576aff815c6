// SPDX-License-Identifier: Apache-2.0

/// The odd primes below 2^16, and what a modulus leaves when it is divided by them.
enum SmallPrimes {
    /// The odd primes below 2^16, ascending.
    static let odd: [UInt] = {
        let bound = 1 << 16
        var composite = [Bool](repeating: false, count: bound)
        var primes: [UInt] = []
        for candidate in stride(from: 3, to: bound, by: 2) where !composite[candidate] {
            primes.append(UInt(candidate))
            for multiple in stride(from: candidate * candidate, to: bound, by: 2 * candidate) {
                composite[multiple] = true
            }
        }
        return primes
    }()

    /// The smallest odd prime below 2^16 that divides `number`.
    static func factor(of number: borrowing BigNumber) -> UInt? {
        for group in groups {
            let remainder = number.remainder(dividingBy: group.product)
            if let factor = group.primes.first(where: { remainder % $0 == 0 }) { return factor }
        }
        return nil
    }

    /// Neighbouring primes and their product: one long division stands for a few.
    private static let groups: [(product: UInt, primes: ArraySlice<UInt>)] = {
        var groups: [(product: UInt, primes: ArraySlice<UInt>)] = []
        var start = odd.startIndex
        var product: UInt = 1
        for index in odd.indices {
            let (larger, overflow) = product.multipliedReportingOverflow(by: odd[index])
            if overflow {
                groups.append((product, odd[start..<index]))
                start = index
                product = odd[index]
            } else {
                product = larger
            }
        }
        groups.append((product, odd[start...]))
        return groups
    }()
}

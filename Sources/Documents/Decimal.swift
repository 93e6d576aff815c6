// SPDX-License-Identifier: Apache-2.0

/// The number that `text` writes in decimal digits; nil for a sign, a leading zero, or above 64 bits.
public func parseDecimal(_ text: String) -> UInt64? {
    parseDecimal(text.utf8)
}

/// The number that a part of a text writes in decimal digits, as ``parseDecimal(_:)`` reads a whole one.
public func parseDecimal(_ text: Substring) -> UInt64? {
    parseDecimal(text.utf8)
}

/// The number that ASCII digits write; nil for a sign, a leading zero, or above 64 bits.
func parseDecimal(_ digits: some Collection<UInt8>) -> UInt64? {
    guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else {
        return nil
    }
    return parseDigits(digits)
}

/// The number that ASCII digits write, leading zeros allowed; nil for other bytes or above 64 bits.
func parseDigits(_ digits: some Collection<UInt8>) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var number: UInt64 = 0
    for digit in digits {
        guard (0x30...0x39).contains(digit) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 0x30))
        if overflow || carry { return nil }
        number = sum
    }
    return number
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// The bytes that hexadecimal digits spell.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map {
        UInt8(values[$0] << 4 | values[$0 + 1])
    }
}

/// The least number of bytes that hold `number`, most significant first.
func magnitude(_ number: UInt64) -> [UInt8] {
    Array((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }.drop { $0 == 0 })
}

extension PublicKey {
    /// The RSA key of a modulus in hexadecimal digits.
    static func rsa(_ modulus: String, exponent: UInt64 = 65_537) throws -> PublicKey {
        try PublicKey(.rsa(exponent: magnitude(exponent), modulus: bytes(modulus)))
    }
}

extension [UInt8] {
    /// The same bytes with one bit turned, the bits counted from the first byte's lowest.
    func turning(bit: Int) -> [UInt8] {
        var bytes = self
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }
}

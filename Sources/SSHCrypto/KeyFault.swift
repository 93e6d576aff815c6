// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// One thing that can be seen to be wrong with a key's numbers.
public enum KeyFault: Hashable, Sendable, CustomStringConvertible {
    /// The RSA modulus is longer than anything verifies with.
    case modulusTooLong(bits: Int)
    /// The RSA modulus is shorter than asked for.
    case modulusTooShort(bits: Int, minimum: Int)
    /// The RSA modulus is even.
    case modulusEven
    /// The RSA modulus has a small prime factor.
    case modulusDivisible(by: UInt)
    /// The RSA modulus has the mark of ROCA, CVE-2017-15361.
    case modulusOfROCA
    /// The RSA modulus is the product of neighbours, CVE-2022-26320.
    case modulusOfCloseFactors
    /// The RSA exponent is longer than Go reads.
    case exponentTooLong(bits: Int)
    /// The RSA exponent is below 65,537.
    case exponentTooSmall(UInt)
    /// The RSA exponent is even.
    case exponentEven(UInt)
    /// The ECDSA key is no point of its curve.
    case notOfCurve(EllipticCurve)
    /// The Ed25519 key has not 32 bytes.
    case ed25519Length(Int)
    /// The Ed25519 key's y is not below 2^255 - 19.
    case ed25519NotCanonical
    /// The Ed25519 key is one of the points whose order divides 8.
    case ed25519SmallOrder
    /// The Ed25519 key is no point of the curve.
    case ed25519NotOfCurve

    /// The fault as one line.
    public var description: String {
        switch self {
        case .modulusTooLong(let bits):
            "RSA modulus of \(bits) bits is longer than \(RSASanity.maximumBits)"
        case .modulusTooShort(let bits, let minimum):
            "RSA modulus of \(bits) bits is shorter than \(minimum)"
        case .modulusEven: "RSA modulus is even"
        case .modulusDivisible(let factor): "RSA modulus is divisible by \(factor)"
        case .modulusOfROCA:
            "RSA modulus is of the weak form that ROCA breaks (CVE-2017-15361)"
        case .modulusOfCloseFactors:
            "RSA modulus is the product of two factors close to each other"
        case .exponentTooLong(let bits):
            "RSA exponent of \(bits) bits is longer than \(RSASanity.maximumExponentBits)"
        case .exponentTooSmall(let value):
            "RSA exponent \(value) is smaller than \(RSASanity.minimumExponent)"
        case .exponentEven(let value): "RSA exponent \(value) is even"
        case .notOfCurve(let curve): "ECDSA key is not a point of the curve \(curve.rawValue)"
        case .ed25519Length(let count): "Ed25519 key of \(count) bytes is not 32 bytes long"
        case .ed25519NotCanonical:
            "Ed25519 key is not in canonical form: y is not below 2^255 - 19"
        case .ed25519SmallOrder: "Ed25519 key is a point of small order"
        case .ed25519NotOfCurve: "Ed25519 key is not a point of the curve"
        }
    }
}

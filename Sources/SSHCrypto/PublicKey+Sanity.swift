// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension PublicKey {
    /// What is wrong with the key's numbers, one text for each fault; empty where it is sane.
    ///
    /// OpenSSH certifies keys that anyone can break or that no verifier takes; these are the
    /// checks that it leaves out.
    ///
    /// * RSA: a modulus of `minimumRSABits` to 16,384 bits, odd, without a prime factor below
    ///   2^16, without the mark of ROCA, and not the product of neighbouring factors; an odd
    ///   exponent of 65,537 or more and of 24 bits at most.
    /// * ECDSA: a point of the curve.
    /// * Ed25519: a point of the curve in its canonical form, not of small order; the Ed25519 half
    ///   of an ML-DSA-44 key too. Any 1,312 bytes are an ML-DSA-44 key.
    public func sanityFaults(minimumRSABits: Int = 2048) -> [String] {
        faults(minimumRSABits: minimumRSABits).map(\.description)
    }

    /// What is wrong with the key's numbers, as ``sanityFaults(minimumRSABits:)`` words it.
    public func faults(minimumRSABits: Int = 2048) -> [KeyFault] {
        faults(minimumRSABits: minimumRSABits, asksForCurve: true)
    }

    /// The same, where it may be left out whether an Ed25519 key is a point of the curve.
    func faults(minimumRSABits: Int, asksForCurve: Bool) -> [KeyFault] {
        switch material {
        case .rsa(let exponent, let modulus):
            return RSASanity.faults(
                exponent: exponent, modulus: modulus, minimumBits: minimumRSABits)
        case .ecdsa(let curve, let point):
            return Self.curveFaults(curve, point: point)
        case .skECDSA(let point, _):
            return Self.curveFaults(.p256, point: point)
        case .ed25519(let key), .skEd25519(let key, _):
            return Ed25519Sanity.faults(key, asksForCurve: asksForCurve)
        case .mldsa44Ed25519(_, let key):
            return Ed25519Sanity.faults(key)
        }
    }

    private static func curveFaults(_ curve: EllipticCurve, point: [UInt8]) -> [KeyFault] {
        do {
            let key = try LibraryKey(curve, point: point)
            return key.isPointOfItsCurve ? [] : [.notOfCurve(curve)]
        } catch {
            return [.notOfCurve(curve)]
        }
    }
}

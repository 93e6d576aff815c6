// SPDX-License-Identifier: Apache-2.0

import SSHFormats
import Testing
import Token

@Suite("Signatures as tokens give them")
struct RawSignatureTests {
    static func key(_ curve: EllipticCurve) throws -> PublicKey {
        let point = [4] + [UInt8](repeating: 7, count: 2 * curve.coordinateLength)
        return try PublicKey(.ecdsa(curve, point: point))
    }

    @Test(
        "r and s side by side become magnitudes without leading zeros",
        arguments: EllipticCurve.allCases)
    func ecdsa(curve: EllipticCurve) throws {
        let length = curve.coordinateLength
        let r = [0, 0, 5] + [UInt8](repeating: 1, count: length - 3)
        let s = [0x80] + [UInt8](repeating: 2, count: length - 1)
        let signature = try RawSignature(r + s).signature(for: Self.key(curve))
        #expect(signature.value == .ecdsa(r: Array(r.dropFirst(2)), s: s))
        #expect(signature.algorithm.keyKind == (try Self.key(curve)).kind)
    }

    @Test(
        "a signature of another length is refused, with the curve's right one beside it",
        arguments: EllipticCurve.allCases, [-2, -1, 0, 1, 2])
    func ecdsaLength(curve: EllipticCurve, more: Int) throws {
        let count = 2 * curve.coordinateLength + more
        let raw = RawSignature([UInt8](repeating: 1, count: count))
        let key = try Self.key(curve)
        guard more != 0 else {
            _ = try raw.signature(for: key)
            return
        }
        let error = #expect(throws: TokenError.self) { _ = try raw.signature(for: key) }
        #expect(error?.code == .wrongSignature)
        #expect(
            error?.description
                == "the token gave \(count) bytes, which no signature of a key of kind "
                + "\(key.kind.shortName) and \(key.bitSize) bits has")
    }

    @Test("a zero for r or s is refused")
    func zero() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let ones = [UInt8](repeating: 1, count: 32)
        for bytes in [zeros + ones, ones + zeros] {
            let error = #expect(throws: TokenError.self) {
                _ = try RawSignature(bytes).signature(for: Self.key(.p256))
            }
            #expect(error?.code == .wrongSignature)
        }
    }

    @Test("RSA is padded on the left to the modulus, and never longer")
    func rsa() throws {
        let modulus = [UInt8](repeating: 0xC3, count: 256)
        let key = try PublicKey(.rsa(exponent: [1, 0, 1], modulus: modulus))
        for count in [1, 255, 256] {
            let raw = [UInt8](repeating: 9, count: count)
            let signature = try RawSignature(raw).signature(for: key)
            #expect(signature.algorithm == .rsaSHA512)
            #expect(
                signature.value == .rsa([UInt8](repeating: 0, count: 256 - count) + raw))
        }
        for count in [0, 257] {
            let error = #expect(throws: TokenError.self) {
                _ = try RawSignature([UInt8](repeating: 9, count: count)).signature(for: key)
            }
            #expect(error?.code == .wrongSignature)
        }
    }

    @Test("Ed25519 is 64 bytes")
    func ed25519() throws {
        let key = try PublicKey(.ed25519([UInt8](repeating: 3, count: 32)))
        let bytes = (0..<64).map { UInt8($0) }
        #expect(try RawSignature(bytes).signature(for: key).value == .ed25519(bytes))
        for count in [63, 65] {
            let error = #expect(throws: TokenError.self) {
                _ = try RawSignature([UInt8](repeating: 9, count: count)).signature(for: key)
            }
            #expect(error?.code == .wrongSignature)
        }
    }

    @Test("a FIDO key signs no certificates")
    func fido() throws {
        let key = try PublicKey(
            .skEd25519([UInt8](repeating: 3, count: 32), application: "ssh:"))
        let error = #expect(throws: TokenError.self) {
            _ = try RawSignature([UInt8](repeating: 9, count: 64)).signature(for: key)
        }
        #expect(error?.description == "a key of kind sk-ed25519 does not sign certificates")
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Sanity of ECDSA keys")
struct ECDSASanityTests {
    private static let kinds: [(KeygenKind, EllipticCurve)] = [
        (.ecdsaP256, .p256), (.ecdsaP384, .p384), (.ecdsaP521, .p521),
    ]

    @Test("a point off the curve is refused, a point on it is sane", arguments: kinds)
    func points(_ kind: KeygenKind, _ curve: EllipticCurve) throws {
        let key = try OpenSSH().makeKey("key", kind.arguments)
        #expect(key.sanityFaults() == [])
        guard case .ecdsa(_, var point) = key.material else {
            Issue.record("not an ECDSA key")
            return
        }
        point[point.count - 1] ^= 1
        let fault = "ECDSA key is not a point of the curve \(curve.rawValue)"
        #expect(try PublicKey(.ecdsa(curve, point: point)).sanityFaults() == [fault])
        let zeros = [4] + [UInt8](repeating: 0, count: 2 * curve.coordinateLength)
        #expect(try PublicKey(.ecdsa(curve, point: zeros)).sanityFaults() == [fault])
        let large = [4] + [UInt8](repeating: 0xFF, count: 2 * curve.coordinateLength)
        #expect(try PublicKey(.ecdsa(curve, point: large)).sanityFaults() == [fault])
    }

    @Test("the point of a FIDO key is looked at as well")
    func securityKey() throws {
        let key = try OpenSSH().makeKey("key", KeygenKind.ecdsaP256.arguments)
        guard case .ecdsa(_, var point) = key.material else {
            Issue.record("not an ECDSA key")
            return
        }
        #expect(
            try PublicKey(.skECDSA(point: point, application: "ssh:")).sanityFaults() == [])
        point[64] ^= 1
        #expect(
            try PublicKey(.skECDSA(point: point, application: "ssh:")).sanityFaults()
                == ["ECDSA key is not a point of the curve nistp256"])
    }
}

@Suite("Sanity of Ed25519 keys")
struct Ed25519SanityTests {
    private static let smallOrder = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ]

    private static let notCanonical = [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]

    @Test("the zero key and every other point of small order are refused", arguments: smallOrder)
    func refusesSmallOrder(_ key: String) throws {
        #expect(
            try PublicKey(.ed25519(bytes(key))).sanityFaults()
                == ["Ed25519 key is a point of small order"])
    }

    @Test("a y of 2^255 - 19 or more is refused", arguments: notCanonical)
    func refusesOtherForms(_ key: String) throws {
        #expect(
            try PublicKey(.ed25519(bytes(key))).sanityFaults()
                == ["Ed25519 key is not in canonical form: y is not below 2^255 - 19"])
    }

    @Test("a y that no point has is refused, one that a point has is sane")
    func curve() throws {
        // On edwards25519 points have y = 3, 4, 5 and 6 but none has y = 2 or 7; and by symmetry
        // 2^255 - 19 less that.
        for (y, isOnCurve) in [(2, false), (3, true), (4, true), (5, true), (6, true), (7, false)] {
            let key = [UInt8(y)] + [UInt8](repeating: 0, count: 31)
            let opposite =
                [UInt8(0xED - y)] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
            let faults = isOnCurve ? [] : ["Ed25519 key is not a point of the curve"]
            #expect(try PublicKey(.ed25519(key)).sanityFaults() == faults, "\(y)")
            #expect(try PublicKey(.ed25519(opposite)).sanityFaults() == faults, "-\(y)")
        }
    }

    @Test("keys of ssh-keygen are sane, and the same in a FIDO token")
    func keygen() throws {
        let openSSH = try OpenSSH()
        for number in 0..<8 {
            let key = try openSSH.makeKey("key\(number)", KeygenKind.ed25519.arguments)
            #expect(key.sanityFaults() == [])
            guard case .ed25519(let bytes) = key.material else { continue }
            let token = try PublicKey(.skEd25519(bytes, application: "ssh:"))
            #expect(token.sanityFaults() == [])
        }
    }

    @Test("the point of a FIDO key is looked at as well")
    func securityKey() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(
            try PublicKey(.skEd25519(zeros, application: "ssh:")).sanityFaults()
                == ["Ed25519 key is a point of small order"])
    }
}

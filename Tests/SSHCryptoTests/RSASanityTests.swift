// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@testable import SSHCrypto

@Suite("Sanity of RSA keys")
struct RSASanityTests {
    @Test("an RSA key of ssh-keygen is sane")
    func keygen() throws {
        let key = try OpenSSH().makeKey("key", KeygenKind.rsa.arguments)
        #expect(key.sanityFaults() == [])
    }

    @Test("a modulus with a fault is refused for it")
    func moduli() throws {
        let cases = [
            (Moduli.sound, [String]()),
            (Moduli.bits2047, ["RSA modulus of 2047 bits is shorter than 2048"]),
            (Moduli.bits1024, ["RSA modulus of 1024 bits is shorter than 2048"]),
            (
                Moduli.roca,
                ["RSA modulus is of the weak form that ROCA breaks (CVE-2017-15361)"]
            ),
            (Moduli.divisibleBy3, ["RSA modulus is divisible by 3"]),
            (Moduli.divisibleBy65521, ["RSA modulus is divisible by 65521"]),
            (Moduli.divisibleBy65537, []),
            (
                Moduli.square,
                ["RSA modulus is the product of two factors close to each other"]
            ),
            (
                Moduli.neighbours,
                ["RSA modulus is the product of two factors close to each other"]
            ),
            (
                Moduli.fermat109,
                ["RSA modulus is the product of two factors close to each other"]
            ),
            (Moduli.fermat110, []),
        ]
        for (modulus, faults) in cases {
            #expect(try PublicKey.rsa(modulus).sanityFaults() == faults, "\(modulus)")
        }
    }

    @Test("the caller may ask for longer or shorter moduli")
    func minimum() throws {
        let key = try PublicKey.rsa(Moduli.sound)
        #expect(key.sanityFaults(minimumRSABits: 2048) == [])
        #expect(
            key.sanityFaults(minimumRSABits: 2049)
                == ["RSA modulus of 2048 bits is shorter than 2049"])
        #expect(try PublicKey.rsa(Moduli.bits1024).sanityFaults(minimumRSABits: 1024) == [])
    }

    @Test("an even modulus is refused")
    func even() throws {
        var modulus = bytes(Moduli.sound)
        modulus[255] -= 1
        let key = try PublicKey(.rsa(exponent: magnitude(65_537), modulus: modulus))
        #expect(key.sanityFaults().contains("RSA modulus is even"))
    }

    @Test(
        "an exponent is odd, 65537 or more, and of 24 bits at most",
        arguments: [
            (1, ["RSA exponent 1 is smaller than 65537"]),
            (2, ["RSA exponent 2 is smaller than 65537", "RSA exponent 2 is even"]),
            (3, ["RSA exponent 3 is smaller than 65537"]),
            (65_535, ["RSA exponent 65535 is smaller than 65537"]),
            (
                65_536,
                ["RSA exponent 65536 is smaller than 65537", "RSA exponent 65536 is even"]
            ),
            (65_537, []),
            (65_538, ["RSA exponent 65538 is even"]),
            (16_777_215, []),
            (16_777_216, ["RSA exponent of 25 bits is longer than 24"]),
            (16_777_217, ["RSA exponent of 25 bits is longer than 24"]),
            (4_294_967_297, ["RSA exponent of 33 bits is longer than 24"]),
        ] as [(UInt64, [String])])
    func exponents(_ exponent: UInt64, _ faults: [String]) throws {
        #expect(try PublicKey.rsa(Moduli.sound, exponent: exponent).sanityFaults() == faults)
    }

    @Test("all faults of a key are told, in one order")
    func all() throws {
        let key = try PublicKey(.rsa(exponent: [4], modulus: magnitude(2 * 3 * 5)))
        #expect(
            key.sanityFaults() == [
                "RSA modulus of 5 bits is shorter than 2048",
                "RSA exponent 4 is smaller than 65537", "RSA exponent 4 is even",
                "RSA modulus is even", "RSA modulus is divisible by 3",
            ])
    }

    @Test("a modulus of 16384 bits is taken, one of 16385 is not")
    func longest() {
        let longest = [0x80] + [UInt8](repeating: 0, count: 2046) + [1]
        #expect(
            RSASanity.faults(exponent: [1, 0, 1], modulus: longest, minimumBits: 2048)
                == [.modulusDivisible(by: 3)])
        #expect(
            RSASanity.faults(
                exponent: [1, 0, 1], modulus: [1] + longest, minimumBits: 2048)
                == [.modulusTooLong(bits: 16_385)])
    }

    @Test("a square root is the greatest number whose square fits")
    func roots() {
        for number: UInt in Array(0...300) + [65_535 * 65_535, 1 << 62, .max] {
            let root = BigNumber(number).squareRoot().remainder(dividingBy: .max)
            #expect(root * root <= number)
            let next = (root + 1).multipliedReportingOverflow(by: root + 1)
            #expect(next.overflow || next.partialValue > number)
            #expect(BigNumber(number).isSquare == (root * root == number))
        }
    }
}

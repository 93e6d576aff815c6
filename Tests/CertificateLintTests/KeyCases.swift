// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

/// The numbers of keys: the certified one, and the one that signs.
@Suite("The keys of a certificate")
struct KeyCases {
    static let all = rsa + curves + ed25519

    @Test("each fault is told in its words, and nothing else is", arguments: all)
    func faults(_ example: Case) throws {
        let found = try findings(example.change)
        #expect(found == example.expected)
    }

    /// Puts the fields of an RSA key in, each as the bytes of its mpint.
    static func rsa(
        _ crafted: inout CraftedCertificate, e: [UInt8] = [1, 0, 1], n: [UInt8]
    ) {
        crafted.typeName = Array("ssh-rsa-cert-v01@openssh.com".utf8)
        crafted.keyFields = string(e) + string(n)
    }

    /// The modulus of a sound key of 2,048 bits, with its sign octet.
    static func modulus() throws -> [UInt8] {
        guard
            case .rsa(_, let modulus) = try CraftedCertificate.Keys.ready.get().rsa.publicKey
                .material
        else { return [] }
        return [0] + modulus
    }

    /// An odd number of so many bits that small primes do not divide, nor is it of ROCA's form.
    static func number(bits: Int) throws -> [UInt8] {
        let key = try SigningKey(rsaBits: bits)
        guard case .rsa(_, let modulus) = key.publicKey.material else { return [] }
        return (modulus.first ?? 0) >= 0x80 ? [0] + modulus : modulus
    }

    static let rsa = [
        Case(
            "zeros before e",
            "e at byte 72: integer has needless leading zeros (CERT-RSA-INTEGER)"
        ) { rsa(&$0, e: [0, 1, 0, 1], n: try modulus()) },
        Case("n without its sign", "n at byte 79: integer is negative (CERT-RSA-INTEGER)") {
            rsa(&$0, n: Array(try modulus().dropFirst()))
        },
        Case("no n", "n at byte 79: integer is zero (CERT-RSA-INTEGER)") { rsa(&$0, n: []) },
        Case(
            "2,049 bytes", "n at byte 79: 2049 bytes exceed the limit of 2048 (CERT-RSA-LONG)"
        ) { rsa(&$0, n: [UInt8](repeating: 1, count: 2_049)) },
        Case(
            "1,016 bits",
            "n at byte 79: RSA modulus of 1016 bits is shorter than 2048 (CERT-RSA-SHORT)"
        ) { rsa(&$0, n: try number(bits: 1_016)) },
        Case(
            "1,024 bits",
            "n at byte 79: RSA modulus of 1024 bits is shorter than 2048 (CERT-RSA-WEAK)"
        ) { rsa(&$0, n: try number(bits: 1_024)) },
        Case(
            "e is 1",
            "e at byte 72: RSA exponent 1 is smaller than 65537 (CERT-RSA-EXPONENT-ONE)"
        ) { rsa(&$0, e: [1], n: try modulus()) },
        Case(
            "e is 3",
            "e at byte 72: RSA exponent 3 is smaller than 65537 (CERT-RSA-EXPONENT-SMALL)"
        ) { rsa(&$0, e: [3], n: try modulus()) },
        Case(
            "e is even", "e at byte 72: RSA exponent 65538 is even (CERT-RSA-EXPONENT-EVEN)"
        ) { rsa(&$0, e: [1, 0, 2], n: try modulus()) },
        Case(
            "e of 25 bits",
            "e at byte 72: RSA exponent of 25 bits is longer than 24 (CERT-RSA-EXPONENT-LONG)"
        ) { rsa(&$0, e: [1, 0, 0, 1], n: try modulus()) },
        Case("n is even", "n at byte 79: RSA modulus is even (CERT-RSA-EVEN)") {
            var number = try modulus()
            number[number.count - 1] = 2
            while PublicKey.isDivisible(number) { number[128] &+= 1 }
            rsa(&$0, n: number)
        },
        Case(
            "n has a factor",
            "n at byte 79: RSA modulus is divisible by 3 (CERT-RSA-FACTOR)",
            "n at byte 79: RSA modulus is the product of two factors close to each other "
                + "(CERT-RSA-CLOSE)"
        ) {
            // (2^1024 - 1)^2 is odd, has the factor 3, and two equal halves.
            rsa(&$0, n: [0] + square(ofOnes: 128))
        },
    ]

    /// (2^(8 * count) - 1)^2 = 2^(16 * count) - 2^(8 * count + 1) + 1.
    static func square(ofOnes count: Int) -> [UInt8] {
        [UInt8](repeating: 0xFF, count: count - 1) + [0xFE]
            + [UInt8](repeating: 0, count: count - 1) + [1]
    }

    static let curves = [
        Case(
            "the wrong curve", "curve at byte 84: \"nistp384\" is not nistp256 (CERT-EC-CURVE)"
        ) { try ecdsa(&$0) { ("nistp384", $0) } },
        Case(
            "a compressed point", "Q at byte 96: point is in compressed form (CERT-EC-COMPRESSED)"
        ) { try ecdsa(&$0) { ("nistp256", [2] + $0[1...32]) } },
        Case("a short point", "Q at byte 96: 64 bytes are not 65 (CERT-EC-FORM)") {
            try ecdsa(&$0) { ("nistp256", Array($0.dropLast())) }
        },
        Case("a hybrid point", "Q at byte 96: point begins with 6, not 4 (CERT-EC-FORM)") {
            try ecdsa(&$0) { ("nistp256", [6] + $0.dropFirst()) }
        },
        Case(
            "a point beside the curve",
            "Q at byte 96: ECDSA key is not a point of the curve nistp256 (CERT-EC-POINT)"
        ) { try ecdsa(&$0) { ("nistp256", $0.dropLast() + [$0[64] ^ 1]) } },
    ]

    static func ecdsa(
        _ crafted: inout CraftedCertificate, _ change: ([UInt8]) -> (String, [UInt8])
    ) throws {
        let point = Array(try CraftedCertificate.Keys.ready.get().ecdsa.publicKey.blob.suffix(65))
        let (curve, changed) = change(point)
        crafted.typeName = Array("ecdsa-sha2-nistp256-cert-v01@openssh.com".utf8)
        crafted.keyFields = packed(curve) + string(changed)
    }

    static let ed25519 = [
        Case("31 bytes", "pk at byte 76: 31 bytes are not 32 (CERT-ED25519-LENGTH)") {
            $0.keyFields = string([UInt8](repeating: 7, count: 31))
        },
        Case(
            "zeros", "pk at byte 76: Ed25519 key is a point of small order (CERT-ED25519-ORDER)"
        ) { $0.keyFields = string([UInt8](repeating: 0, count: 32)) },
        Case(
            "ones",
            "pk at byte 76: Ed25519 key is not in canonical form: y is not below 2^255 - 19 "
                + "(CERT-ED25519-CANONICAL)"
        ) { $0.keyFields = string([UInt8](repeating: 0xFF, count: 32)) },
        Case(
            "no point",
            "pk at byte 76: Ed25519 key is not a point of the curve (CERT-ED25519-POINT)"
        ) { $0.keyFields = string([2] + [UInt8](repeating: 0, count: 31)) },
        Case(
            "an application of a web site",
            "application at byte 115: \"https://example.org\" does not begin with ssh: "
                + "(CERT-SK-PREFIX)"
        ) { try application(&$0, "https://example.org") },
        Case(
            "a line end in the application",
            "application at byte 115: \"ssh:\\u{A}\" has a control character (CERT-SK-APPLICATION)"
        ) { try application(&$0, "ssh:\n") },
        Case("an application of 1,024") {
            try application(&$0, "ssh:" + String(repeating: "a", count: 1_020))
        },
        Case(
            "an application of 1,025",
            "application at byte 115: 1025 bytes exceed the limit of 1024 (CERT-SK-APPLICATION)"
        ) { try application(&$0, "ssh:" + String(repeating: "a", count: 1_021)) },
    ]

    static func application(_ crafted: inout CraftedCertificate, _ text: String) throws {
        let key = try CraftedCertificate.Keys.ready.get().subject.publicKey
        crafted.typeName = Array("sk-ssh-ed25519-cert-v01@openssh.com".utf8)
        crafted.keyFields = string(key.blob.suffix(32)) + packed(text)
    }

    @Test("the mark of ROCA is found in certified keys")
    func roca() throws {
        // Modulo each prime up to 167 this number is a power of 65,537: it is one itself, times what
        // leaves 1.
        let number = try #require(ROCA.modulus)
        let told = try rules { Self.rsa(&$0, n: number) }
        #expect(told.contains("CERT-RSA-ROCA"))
    }

    @Test("what is wrong with the signature key is told as its fault")
    func signer() throws {
        let told = try findings {
            $0.signatureKey = packed("ssh-ed25519") + string([UInt8](repeating: 0, count: 32))
        }
        #expect(
            told == [
                "signature key pk at byte 211: Ed25519 key is a point of small order "
                    + "(CERT-ED25519-ORDER)",
                "signature at byte 247: key refused: Ed25519 key is a point of small order "
                    + "(CERT-SIGNATURE-UNCHECKED)",
            ])
    }
}

/// A number with the mark of ROCA: a power of 65,537.
enum ROCA {
    /// 65537^129, of 2,065 bits, as an mpint.
    static let modulus: [UInt8]? = {
        var number: [UInt8] = [1]
        for _ in 0..<129 {
            // number * 65537 = number * 2^16 + number
            let shifted = number + [0, 0]
            var sum = shifted
            var carry = 0
            for place in 0..<sum.count {
                let index = sum.count - 1 - place
                let other = number.count - 1 - place
                let total = Int(sum[index]) + (other >= 0 ? Int(number[other]) : 0) + carry
                sum[index] = UInt8(truncatingIfNeeded: total)
                carry = total >> 8
            }
            number = carry > 0 ? [UInt8(carry)] + sum : sum
        }
        return (number.first ?? 0) >= 0x80 ? [0] + number : number
    }()
}

extension PublicKey {
    /// Whether a small odd prime divides the number.
    static func isDivisible(_ number: [UInt8]) -> Bool {
        (try? PublicKey(.rsa(exponent: [1, 0, 1], modulus: Array(number.drop { $0 == 0 }))))?
            .faults().contains {
                if case .modulusDivisible = $0 { true } else { false }
            } ?? false
    }
}

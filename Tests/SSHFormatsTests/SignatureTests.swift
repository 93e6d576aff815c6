// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("signatures")
struct SignatureTests {
    @Test(
        "signatures of all algorithms come back from their bytes",
        arguments: Signature.Algorithm.allCases)
    func roundTrip(algorithm: Signature.Algorithm) throws {
        let signature = try Samples.signature(algorithm)
        let read = try Signature(blob: signature.blob)
        #expect(read == signature)
        #expect(read.algorithm == algorithm)
        #expect(
            try Signature(
                algorithm: read.algorithm, value: read.value, securityKey: read.securityKey
            ).blob == signature.blob)
        #expect((read.securityKey != nil) == algorithm.keyKind.isSecurityKey)
        #expect(algorithm.keyKind.signatureAlgorithms.contains(algorithm))
    }

    @Test(
        "every prefix is refused, and every byte behind the end",
        arguments: Signature.Algorithm.allCases)
    func prefixes(algorithm: Signature.Algorithm) throws {
        let blob = try Samples.signature(algorithm).blob
        for length in blob.indices {
            #expect(throws: FormatError.self) { try Signature(blob: Array(blob.prefix(length))) }
        }
        #expect(
            fault { try Signature(blob: blob + [0]) }
                == "signature at byte \(blob.count): 1 bytes are left over")
    }

    @Test(
        "any change of one bit is refused or comes back as it is",
        arguments: Signature.Algorithm.allCases)
    func flips(algorithm: Signature.Algorithm) throws {
        let blob = try Samples.signature(algorithm).blob
        for index in blob.indices {
            for bit in 0..<8 {
                var changed = blob
                changed[index] ^= 1 << bit
                guard let read = try? Signature(blob: changed) else { continue }
                let again = try Signature(
                    algorithm: read.algorithm, value: read.value, securityKey: read.securityKey)
                #expect(again.blob == changed)
            }
        }
    }

    @Test("SHA-1 is refused with its own words")
    func sha1() {
        #expect(
            fault { try Signature(blob: packed("ssh-rsa") + [0, 0, 0, 1, 1]) }
                == "signature algorithm at byte 4: ssh-rsa signs with SHA-1, which is broken")
    }

    @Test("an algorithm that is not known is named")
    func unknown() {
        let name = "webauthn-sk-ed25519@openssh.com"
        #expect(
            fault { try Signature(blob: packed(name)) }
                == "signature algorithm at byte 4: \"\(name)\" is not known")
    }

    @Test("an RSA signature has 1 to 2048 bytes")
    func rsa() {
        #expect(
            fault { try Signature(algorithm: .rsaSHA512, value: .rsa([])) }
                == "signature at byte 20: it is empty")
        #expect(
            throws: Never.self
        ) { try Signature(algorithm: .rsaSHA512, value: .rsa([0])) }
        #expect(
            throws: Never.self
        ) {
            try Signature(algorithm: .rsaSHA256, value: .rsa(Samples.bytes(2048)))
        }
        #expect(
            fault { try Signature(algorithm: .rsaSHA256, value: .rsa(Samples.bytes(2049))) }
                == "signature at byte 16: 2049 bytes exceed the limit of 2048")
    }

    @Test("an Ed25519 signature has 64 bytes")
    func ed25519() {
        #expect(
            fault { try Signature(algorithm: .ed25519, value: .ed25519(Samples.bytes(63))) }
                == "signature at byte 19: 63 bytes are not 64")
        #expect(
            fault { try Signature(algorithm: .ed25519, value: .ed25519(Samples.bytes(65))) }
                == "signature at byte 15: 65 bytes exceed the limit of 64")
    }

    @Test("the numbers of ECDSA are positive, minimal and no longer than the order")
    func ecdsa() throws {
        func blob(_ numbers: [UInt8]) -> [UInt8] {
            var writer = WireWriter()
            writer.string("ecdsa-sha2-nistp256")
            writer.string(numbers)
            return writer.bytes
        }
        let one: [UInt8] = [0, 0, 0, 1, 1]
        #expect(try Signature(blob: blob(one + one)).value == .ecdsa(r: [1], s: [1]))
        #expect(
            fault { try Signature(blob: blob([0, 0, 0, 0] + one)) }
                == "r at byte 31: integer is zero")
        #expect(
            fault { try Signature(blob: blob(one + [0, 0, 0, 1, 0x80])) }
                == "s at byte 36: integer is negative")
        #expect(
            fault { try Signature(blob: blob([0, 0, 0, 2, 0, 1] + one)) }
                == "r at byte 31: integer has needless leading zeros")
        #expect(
            fault { try Signature(blob: blob(one + one + [7])) }
                == "signature at byte 37: 1 bytes are left over")
        let longest = Samples.bytes(32, from: 0xF0)
        #expect(throws: Never.self) {
            try Signature(algorithm: .ecdsaP256, value: .ecdsa(r: longest, s: longest))
        }
        #expect(
            fault {
                try Signature(algorithm: .ecdsaP256, value: .ecdsa(r: [1] + longest, s: [1]))
            } == "r at byte 27: 33 bytes exceed the limit of 32")
        #expect(
            fault {
                try Signature(algorithm: .ecdsaP256, value: .ecdsa(r: [1], s: [0xFF] + longest))
            } == "s at byte 32: 34 bytes exceed the limit of 33")
    }

    @Test("leading zeros of ECDSA numbers from a token fall away")
    func ecdsaPadded() throws {
        let signature = try Signature(
            algorithm: .ecdsaP384, value: .ecdsa(r: [0, 0, 0x80], s: [0, 5]))
        #expect(signature.value == .ecdsa(r: [0x80], s: [5]))
    }

    @Test("a value of another family is refused")
    func families() {
        #expect(
            fault { try Signature(algorithm: .ed25519, value: .rsa([1])) }
                == "signature at byte 0: value is not one of ssh-ed25519")
        #expect(
            fault { try Signature(algorithm: .rsaSHA256, value: .ecdsa(r: [1], s: [1])) }
                == "signature at byte 0: value is not one of rsa-sha2-256")
    }

    @Test("flags and counter belong to FIDO signatures and to no other")
    func assertions() throws {
        let value = Signature.Value.ed25519(Samples.bytes(64))
        let assertion = SecurityKeyAssertion(flags: 0x05, counter: 0x0102_0304)
        #expect(
            fault { try Signature(algorithm: .skEd25519, value: value) }
                == "signature at byte 0: sk-ssh-ed25519@openssh.com needs flags and counter")
        #expect(
            fault { try Signature(algorithm: .ed25519, value: value, securityKey: assertion) }
                == "signature at byte 0: ssh-ed25519 has no flags and counter")
        let signature = try Signature(
            algorithm: .skEd25519, value: value, securityKey: assertion)
        #expect(Array(signature.blob.suffix(5)) == [5, 1, 2, 3, 4])
        #expect(try Signature(blob: signature.blob).securityKey == assertion)
    }

    @Test(
        "presence is bit 0 of the flags and verification bit 2",
        arguments: [
            (0x00, false, false), (0x01, true, false), (0x04, false, true), (0xFF, true, true),
        ]
            as [(UInt8, Bool, Bool)])
    func flags(flags: UInt8, present: Bool, verified: Bool) {
        let assertion = SecurityKeyAssertion(flags: flags, counter: 0)
        #expect(assertion.userPresent == present)
        #expect(assertion.userVerified == verified)
    }

    @Test("a browser's signature needs its client data, and no other has any")
    func clientData() throws {
        let webAuthn = try Samples.signature(.webAuthnECDSA)
        let plain = try Samples.signature(.skECDSA)
        #expect(
            fault {
                try Signature(
                    algorithm: .webAuthnECDSA, value: plain.value, securityKey: plain.securityKey)
            }
                == "signature at byte 0: webauthn-sk-ecdsa-sha2-nistp256@openssh.com needs client "
                + "data")
        #expect(
            fault {
                try Signature(
                    algorithm: .skECDSA, value: plain.value, securityKey: webAuthn.securityKey)
            } == "signature at byte 0: sk-ecdsa-sha2-nistp256@openssh.com has no client data")
    }

    @Test("the two halves of a composite signature have their lengths", arguments: [2483, 2485])
    func composite(length: Int) {
        var writer = WireWriter()
        writer.string("ssh-mldsa44-ed25519@openssh.com")
        writer.string(Samples.bytes(length))
        #expect(
            fault { try Signature(blob: writer.bytes) }
                == (length < 2484
                    ? "signature at byte 39: 2483 bytes are not 2484"
                    : "signature at byte 35: 2485 bytes exceed the limit of 2484"))
    }

    @Test("a signature fits the keys of its kind only", arguments: Signature.Algorithm.allCases)
    func fit(algorithm: Signature.Algorithm) throws {
        let signature = try Samples.signature(algorithm)
        for kind in KeyKind.allCases {
            let key = try Samples.key(kind)
            if kind == algorithm.keyKind {
                #expect(throws: Never.self) { try signature.requireFit(key) }
            } else {
                #expect(
                    fault { try signature.requireFit(key) }
                        == "signature algorithm at byte 0: \(algorithm.rawValue) is not an "
                        + "algorithm of a \(kind.rawValue) key")
            }
        }
    }

    @Test("an RSA signature is exactly as long as the modulus", arguments: [255, 257])
    func modulus(length: Int) throws {
        let signature = try Signature(algorithm: .rsaSHA512, value: .rsa(Samples.bytes(length)))
        #expect(
            fault { try signature.requireFit(try Samples.key(.rsa)) }
                == "signature at byte 0: \(length) bytes are not the 256 of the modulus")
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Certificates whose bytes were laid by hand, each with one thing wrong, and the last right value
/// beside it.
@Suite("bounds of certificates")
struct CertificateBoundTests {
    @Test("the certificate that the tests spoil is right")
    func right() throws {
        let certificate = try Certificate(blob: RawCertificate().blob)
        #expect(certificate.fields.keyID == "alice")
        #expect(certificate.fields.extensions.isEmpty)
    }

    @Test("the type is that of a certificate of a known kind")
    func typeName() {
        let field = "certificate type at byte 4"
        #expect(
            text { $0.typeName = Array("rsa-sha2-512-cert-v01@openssh.com".utf8) }
                == "\(field): \"rsa-sha2-512-cert-v01@openssh.com\" is not known")
        #expect(
            text { $0.typeName = Array("ssh-ed25519".utf8) }
                == "\(field): ssh-ed25519 is a plain key, not a certificate")
        #expect(text { $0.typeName = [0x1B] } == "\(field): \"\\x1b\" is not known")
        #expect(text { $0.typeName = [0xFF] } == "\(field): text is not UTF-8")
    }

    @Test("a nonce has 16 bytes or more")
    func nonce() {
        #expect(taken { $0.nonce = Samples.bytes(16) })
        #expect(taken { $0.nonce = Samples.bytes(64) })
        #expect(
            text { $0.nonce = Samples.bytes(15) }
                == "nonce at byte 40: 15 bytes are fewer than 16")
        #expect(text { $0.nonce = [] } == "nonce at byte 40: 0 bytes are fewer than 16")
    }

    @Test("the subject key has the form of its kind")
    func subject() {
        #expect(
            text { $0.keyFields = [0, 0, 0, 31] + Samples.bytes(31) }
                == "pk at byte 60: 31 bytes are not 32")
    }

    @Test("the type number is 1 or 2", arguments: [0, 3, 0x0100_0000, UInt32.max])
    func kind(number: UInt32) {
        #expect(taken { $0.kind = 2 })
        #expect(text { $0.kind = number } == "type at byte 100: \(number) is neither 1 nor 2")
    }

    @Test("every serial is taken", arguments: [0, 1, UInt64.max])
    func serial(number: UInt64) {
        #expect(taken { $0.serial = number })
    }

    @Test("a key ID has 1 to 256 printable ASCII characters")
    func keyID() {
        #expect(taken { $0.keyID = [0x20] })
        #expect(taken { $0.keyID = [0x7E] })
        #expect(taken { $0.keyID = [UInt8](repeating: 0x41, count: 256) })
        #expect(text { $0.keyID = [] } == "key id at byte 108: it is empty")
        #expect(
            text { $0.keyID = [UInt8](repeating: 0x41, count: 257) }
                == "key id at byte 108: 257 bytes exceed the limit of 256")
        for byte: UInt8 in [0, 0x0A, 0x1B, 0x1F, 0x7F, 0x80, 0xFF] {
            let shown = (byte < 16 ? "0" : "") + String(byte, radix: 16)
            #expect(
                text { $0.keyID = [0x41, byte] }
                    == "key id at byte 109: byte \(shown) is not printable ASCII")
        }
    }

    @Test("there are 1 to 256 principals")
    func principalCount() {
        func names(_ count: Int) -> [UInt8] {
            var writer = WireWriter()
            for index in 0..<count { writer.string("u\(index)") }
            return writer.bytes
        }
        #expect(taken { $0.validPrincipals = names(1) })
        #expect(taken { $0.validPrincipals = names(256) })
        #expect(
            text { $0.validPrincipals = names(257) }
                == "valid principals at byte \(117 + names(256).count + 4): "
                + "more than 256 principals")
        #expect(
            text { $0.validPrincipals = [] } == "valid principals at byte 117: there is none")
    }

    @Test("a principal is not empty, and holds neither comma nor anything but printable ASCII")
    func principals() {
        #expect(taken { $0.validPrincipals = packed("a", "A", "*.example.org", "a b~!") })
        #expect(
            text { $0.validPrincipals = packed("a", "") } == "principal at byte 126: it is empty")
        #expect(
            text { $0.validPrincipals = packed("root,alice") }
                == "principal at byte 125: it has a comma")
        #expect(
            text { $0.validPrincipals = packed("root\u{0}") }
                == "principal at byte 125: byte 00 is not printable ASCII")
        #expect(
            text { $0.validPrincipals = packed("ro\tot") }
                == "principal at byte 123: byte 09 is not printable ASCII")
        #expect(
            text { $0.validPrincipals = packed("root\u{7F}") }
                == "principal at byte 125: byte 7f is not printable ASCII")
        #expect(
            text { $0.validPrincipals = packed("Zoë") }
                == "principal at byte 123: byte c3 is not printable ASCII")
        // The Kelvin sign, which Swift holds to be equal to the letter.
        #expect(
            text { $0.validPrincipals = packed("K", "\u{212A}") }
                == "principal at byte 126: byte e2 is not printable ASCII")
        #expect(
            text { $0.validPrincipals = packed("a", "b", "a") }
                == "principal at byte 131: \"a\" is there twice")
        #expect(
            text { $0.validPrincipals = packed("a") + [0, 0, 0, 2, 65] }
                == "principal at byte 126: needs 2 bytes, 1 are left")
        #expect(
            text { $0.validPrincipals = packed("a") + [0, 0] }
                == "principal at byte 122: needs 4 bytes, 2 are left")
    }

    @Test("validity starts before it ends")
    func validityOrder() {
        #expect(
            taken {
                $0.validAfter = 5
                $0.validBefore = 6
            })
        #expect(
            text {
                $0.validAfter = 5
                $0.validBefore = 5
            } == "valid before at byte 134: 5 is not after the start 5")
        #expect(
            text {
                $0.validAfter = 6
                $0.validBefore = 5
            } == "valid before at byte 134: 5 is not after the start 6")
        #expect(
            text {
                $0.validAfter = 0
                $0.validBefore = 0
            } == "valid before at byte 134: 0 is not after the start 0")
    }

    @Test("times are below 2^63, and the end may be 2^64-1")
    func times() {
        let limit = UInt64(1) << 63
        #expect(taken { $0.validBefore = limit - 1 })
        #expect(
            text { $0.validBefore = limit }
                == "valid before at byte 134: 9223372036854775808 is neither below 2^63 nor 2^64-1")
        #expect(
            text { $0.validBefore = .max - 1 }
                == "valid before at byte 134: 18446744073709551614 is neither below 2^63 nor 2^64-1"
        )
        #expect(taken { $0.validBefore = .max })
        #expect(
            taken {
                $0.validAfter = limit - 1
                $0.validBefore = .max
            })
        #expect(
            text {
                $0.validAfter = limit
                $0.validBefore = .max
            } == "valid after at byte 126: 9223372036854775808 is not below 2^63")
        #expect(
            text {
                $0.validAfter = limit - 1
                $0.validBefore = limit - 1
            }
                == "valid before at byte 134: 9223372036854775807 is not after the start "
                + "9223372036854775807")
    }

    @Test("the reserved field is empty")
    func reserved() {
        #expect(text { $0.reserved = [0] } == "reserved at byte 154: 1 bytes are left over")
    }

    @Test("the authority's key is a plain key that can sign without a FIDO token")
    func signatureKey() throws {
        let security = try Samples.key(.skEd25519).blob
        let certificate = RawCertificate().blob
        #expect(
            text { $0.signatureKey = security }
                == "signature key at byte 158: sk-ssh-ed25519@openssh.com is no key of an authority"
        )
        #expect(
            text { $0.signatureKey = certificate }
                == "public key type at byte 162: ssh-ed25519-cert-v01@openssh.com is a "
                + "certificate, not a plain key")
        #expect(
            text { $0.signatureKey += [0] } == "public key at byte 209: 1 bytes are left over")
    }

    @Test("the signature is one of the authority's key")
    func signature() throws {
        let rsa = try Samples.key(.rsa).blob
        func signature(_ algorithm: Signature.Algorithm, _ length: Int) throws -> [UInt8] {
            try Signature(algorithm: algorithm, value: .rsa(Samples.bytes(length))).blob
        }
        let right = try signature(.rsaSHA256, 256)
        let short = try signature(.rsaSHA512, 255)
        let long = try signature(.rsaSHA512, 257)
        let end = 158 + rsa.count + 4
        #expect(
            taken {
                $0.signatureKey = rsa
                $0.signature = right
            })
        #expect(
            text {
                $0.signatureKey = rsa
                $0.signature = short
            } == "signature at byte \(end): 255 bytes are not the 256 of the modulus")
        #expect(
            text {
                $0.signatureKey = rsa
                $0.signature = long
            } == "signature at byte \(end): 257 bytes are not the 256 of the modulus")
        #expect(
            text { $0.signature = right }
                == "signature algorithm at byte 213: rsa-sha2-256 is not an algorithm of a "
                + "ssh-ed25519 key")
        #expect(
            text { $0.signature += [0] } == "signature at byte 296: 1 bytes are left over")
        #expect(text { $0.rest = [0] } == "certificate at byte 296: 1 bytes are left over")
    }

    @Test("a certificate has 64 KiB at most, and room for the longest signature")
    func length() throws {
        let limit = Certificate.maximumToBeSignedLength
        #expect(Certificate.maximumLength == 65_536)
        #expect(limit == 65_536 - 2048 - 24)
        let rest = RawCertificate.with { $0.nonce = [] }.count - 4 - 83
        let longest = RawCertificate.with { $0.nonce = Samples.bytes(limit - rest) }
        let certificate = try Certificate(blob: longest)
        #expect(certificate.toBeSigned.count == limit)
        #expect(
            text { $0.nonce = Samples.bytes(limit - rest + 1) }
                == "certificate at byte 0: \(limit + 1) bytes exceed the limit of \(limit)")
        #expect(
            text { $0.nonce = Samples.bytes(65_600) }.hasSuffix(" exceed the limit of 65536"))
        #expect(
            fault { try Certificate(blob: [UInt8](repeating: 0, count: 65_537)) }
                == "certificate at byte 0: 65537 bytes exceed the limit of 65536")
        #expect(
            fault { try Certificate(blob: [UInt8](repeating: 0, count: 65_536)) }
                == "certificate type at byte 4: \"\" is not known")
    }

    @Test("the longest signature of the largest RSA key still fits")
    func longestSignature() throws {
        let largest = try PublicKey(
            .rsa(exponent: [1, 0, 1], modulus: [UInt8](repeating: 0xFF, count: 2048)))
        let signature = try Signature(algorithm: .rsaSHA512, value: .rsa(Samples.bytes(2048)))
        var fields = try Samples.fields()
        fields.signatureKey = largest
        let room = Certificate.maximumToBeSignedLength - (try fields.toBeSigned().count)
        fields.nonce += Samples.bytes(room)
        let certificate = try Certificate(
            toBeSigned: try fields.toBeSigned(), signature: signature)
        #expect(certificate.blob.count == Certificate.maximumLength)
        fields.nonce.append(0)
        #expect(
            fault { try fields.toBeSigned() }
                == "certificate at byte 0: 63465 bytes exceed the limit of 63464")
    }
}

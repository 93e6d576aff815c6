// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("public keys")
struct PublicKeyTests {
    @Test("every key of ssh-keygen is read and written byte for byte", arguments: Vectors.keyNames)
    func vectors(name: String) throws {
        let line = try Vectors.line("keys/\(name).pub")
        let key = try PublicKey(line: line)
        #expect("\(key.line) \(name)" == line)
        #expect(try PublicKey(key.material) == key)
        #expect(try PublicKey(blob: key.blob).material == key.material)
        #expect(try PublicKey(line: key.line) == key)
    }

    @Test(
        "a key is named by its kind and size",
        arguments: [
            ("key-rsa2048", KeyKind.rsa, 2048), ("key-rsa3072", .rsa, 3072),
            ("key-rsa4096", .rsa, 4096), ("key-ecdsa256", .ecdsaP256, 256),
            ("key-ecdsa384", .ecdsaP384, 384), ("key-ecdsa521", .ecdsaP521, 521),
            ("key-ed25519", .ed25519, 256),
        ])
    func kindAndSize(name: String, kind: KeyKind, bits: Int) throws {
        let key = try Vectors.key(name)
        #expect(key.kind == kind)
        #expect(key.bitSize == bits)
    }

    @Test("keys of all kinds come back from their bytes", arguments: Samples.materials)
    func samples(material: PublicKey.Material) throws {
        let key = try PublicKey(material)
        #expect(key.kind == material.kind)
        #expect(key.material == material)
        #expect(try PublicKey(blob: key.blob) == key)
        #expect(try PublicKey(line: key.line) == key)
    }

    @Test("every prefix of a key is refused", arguments: Samples.materials)
    func prefixes(material: PublicKey.Material) throws {
        let blob = try PublicKey(material).blob
        for length in blob.indices {
            #expect(throws: FormatError.self) { try PublicKey(blob: Array(blob.prefix(length))) }
        }
        #expect(
            fault { try PublicKey(blob: blob + [0]) }
                == "public key at byte \(blob.count): 1 bytes are left over")
    }

    @Test("any change of one byte is refused or comes back as it is", arguments: Samples.materials)
    func flips(material: PublicKey.Material) throws {
        let blob = try PublicKey(material).blob
        for index in blob.indices {
            for bit in 0..<8 {
                var changed = blob
                changed[index] ^= 1 << bit
                guard let key = try? PublicKey(blob: changed) else { continue }
                #expect(try PublicKey(key.material).blob == changed)
            }
        }
    }

    @Test("a type that is not known is named, a certificate is called one")
    func types() {
        #expect(
            fault { try PublicKey(blob: packed("ssh-dss")) }
                == "public key type at byte 4: \"ssh-dss\" is not known")
        #expect(
            fault { try PublicKey(blob: packed("ssh-ed25519-cert-v01@openssh.com")) }
                == "public key type at byte 4: ssh-ed25519-cert-v01@openssh.com is a certificate, "
                + "not a plain key")
        #expect(
            fault { try PublicKey(blob: packed(String(repeating: "x", count: 129))) }
                == "public key type at byte 0: 129 bytes exceed the limit of 128")
        #expect(
            fault { try PublicKey(blob: []) }
                == "public key type at byte 0: needs 4 bytes, 0 are left")
    }

    @Test("an Ed25519 key has 32 bytes", arguments: [(31, "31 bytes are not 32"), (32, nil)])
    func ed25519(length: Int, expected: String?) {
        let key = packed("ssh-ed25519") + [0, 0, 0, UInt8(length)] + Samples.bytes(length)
        if let expected {
            #expect(fault { try PublicKey(blob: key) } == "pk at byte 19: \(expected)")
        } else {
            #expect(throws: Never.self) { try PublicKey(blob: key) }
        }
    }

    @Test("an Ed25519 key of 33 bytes is too long")
    func ed25519TooLong() {
        #expect(
            fault {
                try PublicKey(blob: packed("ssh-ed25519") + [0, 0, 0, 33] + Samples.bytes(33))
            }
                == "pk at byte 15: 33 bytes exceed the limit of 32")
    }

    @Test("a point is uncompressed and on the curve that the type names")
    func points() {
        func key(_ curve: String, _ point: [UInt8]) -> [UInt8] {
            var writer = WireWriter()
            writer.raw(packed("ecdsa-sha2-nistp256", curve))
            writer.string(point)
            return writer.bytes
        }
        let xy = Samples.bytes(64)
        #expect(!fault { try PublicKey(blob: key("nistp256", [4] + xy)) }.contains(" at byte "))
        #expect(
            fault { try PublicKey(blob: key("nistp384", [4] + xy)) }
                == "curve at byte 23: \"nistp384\" is not nistp256")
        #expect(
            fault { try PublicKey(blob: key("nistp256", [2] + xy.prefix(32))) }
                == "Q at byte 39: point is not in uncompressed form")
        #expect(
            fault { try PublicKey(blob: key("nistp256", [6] + xy)) }
                == "Q at byte 39: point is not in uncompressed form")
        #expect(
            fault { try PublicKey(blob: key("nistp256", [4] + xy.dropLast())) }
                == "Q at byte 39: point is not in uncompressed form")
        #expect(
            fault { try PublicKey(blob: key("nistp256", [4] + xy + [0])) }
                == "Q at byte 35: 66 bytes exceed the limit of 65")
        #expect(
            fault { try PublicKey(blob: key("nistp256", [])) }
                == "Q at byte 39: point is not in uncompressed form")
    }

    @Test("an RSA number has 16,384 bits at most")
    func rsaBounds() throws {
        let top = [UInt8](repeating: 0xFF, count: 2048)
        let key = try PublicKey(.rsa(exponent: [3], modulus: top))
        #expect(key.bitSize == 16_384)
        // As long on the wire as the number above with its sign octet, but a bit larger.
        #expect(
            fault { try PublicKey(.rsa(exponent: [3], modulus: [1] + top)) }
                == "n at byte 16: 2049 bytes exceed the limit of 2048")
        #expect(
            fault { try PublicKey(.rsa(exponent: [1] + top, modulus: top)) }
                == "e at byte 11: 2049 bytes exceed the limit of 2048")
        #expect(
            fault { try PublicKey(.rsa(exponent: [3], modulus: [0x80] + top)) }
                == "n at byte 16: 2050 bytes exceed the limit of 2049")
    }

    @Test("an RSA number of zero, or with leading zeros, is refused")
    func rsaNumbers() {
        #expect(
            fault { try PublicKey(blob: packed("ssh-rsa") + [0, 0, 0, 0] + [0, 0, 0, 1, 3]) }
                == "e at byte 15: integer is zero")
        #expect(
            fault { try PublicKey(blob: packed("ssh-rsa") + [0, 0, 0, 2, 0, 3]) }
                == "e at byte 15: integer has needless leading zeros")
        #expect(
            fault { try PublicKey(blob: packed("ssh-rsa") + [0, 0, 0, 1, 0x83]) }
                == "e at byte 15: integer is negative")
    }

    @Test("numbers given with leading zeros make the same key")
    func rsaLeadingZeros() throws {
        let plain = try PublicKey(.rsa(exponent: [1, 0, 1], modulus: [0x81, 5]))
        let padded = try PublicKey(.rsa(exponent: [0, 1, 0, 1], modulus: [0, 0, 0x81, 5]))
        #expect(plain == padded)
        #expect(padded.material == .rsa(exponent: [1, 0, 1], modulus: [0x81, 5]))
    }

    @Test("the application of a FIDO key is UTF-8 without control characters, 1024 bytes at most")
    func application() throws {
        let pk = Samples.bytes(32)
        let longest = String(repeating: "a", count: 1024)
        #expect(throws: Never.self) { try PublicKey(.skEd25519(pk, application: longest)) }
        #expect(throws: Never.self) { try PublicKey(.skEd25519(pk, application: "ssh:Zoë")) }
        #expect(
            fault { try PublicKey(.skEd25519(pk, application: longest + "a")) }
                == "application at byte 66: 1025 bytes exceed the limit of 1024")
        #expect(
            fault { try PublicKey(.skEd25519(pk, application: "ssh:\n")) }
                == "application at byte 70: it has a control character")
        #expect(
            fault { try PublicKey(.skEd25519(pk, application: "ssh:\u{7F}")) }
                == "application at byte 70: it has a control character")
        #expect(
            fault { try PublicKey(.skEd25519(pk, application: "ssh:\u{0}")) }
                == "application at byte 70: text has a NUL byte")
    }

    @Test("a line holds the type, the Base64 and a comment, parted by single spaces")
    func lines() throws {
        let key = try Samples.key(.ed25519)
        let base64 = Base64.encode(key.blob)
        #expect(try PublicKey(line: "ssh-ed25519 \(base64)") == key)
        #expect(try PublicKey(line: "ssh-ed25519 \(base64) Zoë  at home ") == key)
        #expect(try PublicKey(line: "ssh-ed25519 \(base64) ") == key)
        #expect(try !PublicKey.read(line: key.line).hasComment)
        #expect(try PublicKey.read(line: key.line + " ").hasComment)
        #expect(try PublicKey.read(line: key.line + " a b").hasComment)
        let field = "public key line at byte"
        #expect(
            fault { try PublicKey(line: "ssh-ed25519") }
                == "\(field) 0: type name and Base64 are not both there")
        #expect(
            fault { try PublicKey(line: "") }
                == "\(field) 0: type name and Base64 are not both there")
        #expect(
            fault { try PublicKey(line: " ssh-ed25519 \(base64)") }
                == "\(field) 0: \"\" is not known")
        #expect(
            fault { try PublicKey(line: "ssh-ed25519  \(base64)") }
                == "public key type at byte 0: needs 4 bytes, 0 are left")
        #expect(
            fault { try PublicKey(line: "ssh-ed25519 \(base64)=") }
                == "\(field) 12: Base64 is not canonical")
        #expect(
            fault { try PublicKey(line: "ssh-rsa \(base64)") }
                == "\(field) 0: the line says ssh-rsa, the bytes ssh-ed25519")
        #expect(
            fault { try PublicKey(line: "ssh-dss \(base64)") }
                == "\(field) 0: \"ssh-dss\" is not known")
    }

    @Test(
        "a line holds no control character, not even in the comment",
        arguments: [
            ("\n", "0a"), ("\r", "0d"), ("\r\n", "0d"), ("\t", "09"), ("\u{0}", "00"),
            ("\u{7F}", "7f"), ("\u{1B}", "1b"),
        ])
    func lineEnds(end: String, shown: String) throws {
        let line = try Samples.key(.ed25519).line
        let count = line.utf8.count
        #expect(
            fault { try PublicKey(line: line + end) }
                == "public key line at byte \(count): control character \(shown)")
        #expect(
            fault { try PublicKey(line: "\(line) me\(end)ssh-ed25519 AAAA") }
                == "public key line at byte \(count + 3): control character \(shown)")
    }

    @Test("a mark after a space belongs to the next field, not to the space")
    func combiningMarks() throws {
        let line = try Samples.key(.ed25519).line
        #expect(try PublicKey(line: "\(line) \u{301}") == Samples.key(.ed25519))
    }

    @Test("kinds are found by all of their names", arguments: KeyKind.allCases)
    func names(kind: KeyKind) {
        #expect(KeyKind(rawValue: kind.rawValue) == kind)
        #expect(KeyKind(shortName: kind.shortName) == kind)
        #expect(KeyKind(certificateTypeName: kind.certificateTypeName) == kind)
        #expect(KeyKind(certificateTypeName: kind.rawValue) == nil)
        #expect(KeyKind(rawValue: kind.certificateTypeName) == nil)
        #expect(KeyKind(certificateTypeName: kind.standardCertificateTypeName ?? "") == nil)
        if let name = kind.standardCertificateTypeName {
            #expect(KeyKind(standardCertificateTypeName: name) == kind)
            #expect(name == kind.rawValue + "-cert")
        }
        #expect(KeyKind.certifiable.contains(kind) == (kind != .mldsa44Ed25519))
        #expect(kind.isSecurityKey == kind.rawValue.hasPrefix("sk-"))
    }

    @Test("a certificate's name that is only an algorithm's is no type")
    func algorithmNames() {
        #expect(KeyKind(certificateTypeName: "rsa-sha2-512-cert-v01@openssh.com") == nil)
        #expect(KeyKind(certificateTypeName: "ssh-ed25519-cert") == nil)
        #expect(KeyKind(shortName: "dsa") == nil)
    }
}

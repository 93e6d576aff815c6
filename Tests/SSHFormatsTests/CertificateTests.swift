// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("certificates")
struct CertificateTests {
    @Test(
        "every certificate of ssh-keygen that is taken comes back byte for byte",
        arguments: Vectors.certificateNames)
    func vectors(name: String) throws {
        let line = try Vectors.line("certificates/\(name)-cert.pub")
        let certificate = try Certificate(line: line)
        #expect(try certificate.fields.toBeSigned() == certificate.toBeSigned)
        #expect(
            try Certificate(toBeSigned: certificate.toBeSigned, signature: certificate.signature)
                == certificate)
        #expect(try Certificate(blob: certificate.blob) == certificate)
        let comment = line.split(separator: " ", maxSplits: 2)[2]
        #expect(certificate.line(comment: String(comment)) == line)
        #expect(try Certificate(line: certificate.line()) == certificate)
    }

    @Test("all kinds of authority have signed all kinds of keys", arguments: Vectors.authorities)
    func authorities(authority: String) throws {
        let key = try Vectors.key("ca-\(authority)")
        for subject in Vectors.authorities {
            let certificate = try Vectors.certificate("user-\(subject)-by-\(authority)")
            #expect(certificate.fields.signatureKey == key)
            #expect(certificate.fields.publicKey == (try Vectors.key("key-\(subject)")))
            #expect(certificate.signature.algorithm == key.kind.signatureAlgorithms.last)
            #expect(certificate.fields.kind == .user)
            #expect(certificate.fields.validPrincipals == ["alice", "operators"])
            #expect(
                certificate.fields.extensions == [
                    .permitX11Forwarding, .permitAgentForwarding, .permitPortForwarding,
                    .permitPTY, .permitUserRC,
                ])
        }
        let host = try Vectors.certificate("host-by-\(authority)").fields
        #expect(host.kind == .host)
        #expect(host.validPrincipals == ["web.example.org", "192.0.2.7"])
        #expect(host.extensions.isEmpty)
    }

    @Test("each field of a certificate is read for what ssh-keygen was told")
    func everyOption() throws {
        let certificate = try Vectors.certificate("every-option")
        let fields = certificate.fields
        #expect(fields.nonce.count == 32)
        #expect(fields.serial == .max)
        #expect(fields.keyID == "all of them")
        #expect(fields.validPrincipals == ["alice"])
        #expect(fields.validAfter == 1_767_225_600)
        #expect(fields.validBefore == 1_798_761_600)
        #expect(
            fields.criticalOptions == [
                .forceCommand("/usr/bin/rsync --server \".\" /srv"),
                .sourceAddress(["192.0.2.0/24", "198.51.100.7", "2001:db8::/32", "::1"]),
                .verifyRequired,
            ])
        #expect(fields.extensions == CertificateExtension.allCases)
        #expect(fields.signatureKey == (try Vectors.key("ca-ed25519")))
        #expect(certificate.signature.algorithm == .ed25519)
    }

    @Test("SHA-256 under RSA, no extensions, and validity for ever are read")
    func others() throws {
        #expect(try Vectors.certificate("rsa-sha2-256").signature.algorithm == .rsaSHA256)
        #expect(try Vectors.certificate("no-extensions").fields.extensions.isEmpty)
        let fields = try Vectors.certificate("for-ever").fields
        #expect(fields.serial == 0)
        #expect(fields.validAfter == 0)
        #expect(fields.validBefore == .max)
    }

    @Test("the vectors are all there")
    func vectorCount() {
        #expect(Vectors.keyNames.count == 14)
        #expect(Vectors.certificateNames.count == 7 * 8 + 4)
        #expect(Vectors.signatureNames.count == 8)
        #expect(Vectors.names(in: "refused", ending: "-cert.pub").count == Self.refusals.count)
    }

    static let refusals = [
        ("no-principals", "valid principals", "there is none"),
        ("empty-key-id", "key id", "it is empty"),
        ("key-id-utf8", "key id", "byte c3 is not printable ASCII"),
        ("duplicate-principal", "principal", "\"alice\" is there twice"),
        ("unknown-extension", "extension", "\"login@example.org\" is not known"),
        ("unknown-option", "critical option", "\"only@example.org\" is not known"),
        ("host-extension", "extensions", "a host certificate may have none"),
        ("host-option", "critical options", "a host certificate may have none"),
        ("signed-with-sha-1", "signature algorithm", "ssh-rsa signs with SHA-1, which is broken"),
    ]

    @Test("what ssh-keygen signs and the strictest reader refuses is refused", arguments: refusals)
    func refused(name: String, field: String, expected: String) throws {
        let line = try Vectors.line("refused/\(name)-cert.pub")
        let text = fault { try Certificate(line: line) }
        #expect(text.hasPrefix("\(field) at byte "), "\(text)")
        #expect(text.hasSuffix(": \(expected)"), "\(text)")
    }

    @Test("every prefix is refused, and every byte behind the end", arguments: Vectors.shapes)
    func prefixes(name: String) throws {
        let blob = try Vectors.certificate(name).blob
        for length in blob.indices {
            #expect(throws: FormatError.self) {
                try Certificate(blob: Array(blob.prefix(length)))
            }
        }
        #expect(
            fault { try Certificate(blob: blob + [0]) }
                == "certificate at byte \(blob.count): 1 bytes are left over")
    }

    @Test(
        "any change of one bit is refused or comes back as it is", arguments: Vectors.shapes)
    func flips(name: String) throws {
        let blob = try Vectors.certificate(name).blob
        var taken = 0
        for index in blob.indices {
            for bit in 0..<8 {
                var changed = blob
                changed[index] ^= 1 << bit
                guard let certificate = try? Certificate(blob: changed) else { continue }
                taken += 1
                #expect(certificate.blob == changed)
                try expectCanonical(certificate)
            }
        }
        #expect(taken > 0)
    }

    @Test("any byte in any place is refused or comes back as it is")
    func everyByte() throws {
        let blob = try Vectors.certificate("every-option").blob
        for index in blob.indices {
            for byte in [UInt8](arrayLiteral: 0, 1, 0x20, 0x2C, 0x7F, 0x80, 0xFF) {
                var changed = blob
                changed[index] = byte
                guard let certificate = try? Certificate(blob: changed) else { continue }
                try expectCanonical(certificate)
            }
        }
    }

    @Test("any four bytes may claim any length without harm", arguments: Vectors.shapes)
    func lengths(name: String) throws {
        let blob = try Vectors.certificate(name).blob
        let lengths: [[UInt8]] = [
            [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0, 0, 0, 0],
            [0, 4, 0, 0], [0, 0, 1, 0],
        ]
        for index in 0...(blob.count - 4) {
            for length in lengths {
                var changed = blob
                changed.replaceSubrange(index..<(index + 4), with: length)
                guard let certificate = try? Certificate(blob: changed) else { continue }
                try expectCanonical(certificate)
            }
        }
    }

    private func expectCanonical(_ certificate: Certificate) throws {
        #expect(try certificate.fields.toBeSigned() == certificate.toBeSigned)
        let signature = certificate.signature
        let again = try Signature(algorithm: signature.algorithm, value: signature.value)
        #expect(
            try Certificate(toBeSigned: certificate.toBeSigned, signature: again).blob
                == certificate.blob)
    }

    @Test("a line says the type that the bytes are of, and nothing can hide behind it")
    func lines() throws {
        let certificate = try Vectors.certificate("every-option")
        let base64 = Base64.encode(certificate.blob)
        let name = "ssh-ed25519-cert-v01@openssh.com"
        #expect(certificate.line() == "\(name) \(base64)")
        #expect(certificate.line(comment: "alice") == "\(name) \(base64) alice")
        #expect(
            certificate.line(comment: "a\nssh-rsa\r\u{7F}Zoë")
                == "\(name) \(base64) a ssh-rsa  Zoë")
        #expect(
            fault { try Certificate(line: certificate.line() + "\n") }
                == "certificate line at byte \(name.count + 1 + base64.count): control character 0a"
        )
        #expect(
            fault { try Certificate(line: "ssh-rsa-cert-v01@openssh.com \(base64)") }
                == "certificate line at byte 0: the line says ssh-rsa-cert-v01@openssh.com, "
                + "the bytes \(name)")
        #expect(
            fault { try Certificate(line: "ssh-ed25519 \(base64)") }
                == "certificate line at byte 0: the line says ssh-ed25519, the bytes \(name)")
        #expect(
            fault { try Certificate(line: try Samples.key(.ed25519).line) }
                == "certificate type at byte 4: ssh-ed25519 is a plain key, not a certificate")
    }

    @Test("signed bytes and signature of two certificates do not join")
    func joined() throws {
        let one = try Vectors.certificate("user-ed25519-by-ed25519")
        let other = try Vectors.certificate("user-ed25519-by-ecdsa256")
        #expect(
            fault {
                try Certificate(toBeSigned: one.toBeSigned, signature: other.signature)
            }
                == "signature algorithm at byte \(one.toBeSigned.count + 4): ecdsa-sha2-nistp256 is "
                + "not an algorithm of a ssh-ed25519 key")
        #expect(
            fault { try Certificate(toBeSigned: one.blob, signature: one.signature) }
                == "certificate at byte \(one.blob.count): 87 bytes are left over")
        #expect(throws: FormatError.self) {
            try Certificate(
                toBeSigned: Array(one.toBeSigned.dropLast()), signature: one.signature)
        }
    }

    @Test("signed bytes that reach into the signature are refused")
    func endElsewhere() throws {
        var fields = try Samples.fields()
        fields.signatureKey = try Samples.key(.rsa)
        let inner = try Signature(algorithm: .rsaSHA512, value: .rsa(Samples.bytes(10)))
        // A signature of 256 bytes whose last 34 are the inner signature with its length.
        var writer = WireWriter()
        writer.raw(try fields.toBeSigned())
        let end = writer.bytes.count
        writer.uint32(4 + 12 + 4 + 256)
        writer.string(inner.algorithm.rawValue)
        writer.uint32(256)
        writer.raw(Samples.bytes(256 - 34))
        let toBeSigned = writer.bytes
        #expect(
            fault { try Certificate(toBeSigned: toBeSigned, signature: inner) }
                == "certificate at byte \(end): the signed bytes end elsewhere than given")
    }
}

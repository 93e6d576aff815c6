// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("bytes to be signed")
struct CertificateFieldsTests {
    private func fault(_ change: (inout CertificateFields) throws -> Void) throws -> String {
        var fields = try Samples.fields()
        try change(&fields)
        return SSHFormatsTests.fault { [fields] in try fields.toBeSigned().count }
    }

    @Test("certificates of all kinds of keys are written and read", arguments: KeyKind.certifiable)
    func subjects(kind: KeyKind) throws {
        for authority in KeyKind.certifiable where !authority.isSecurityKey {
            var fields = try Samples.fields()
            fields.publicKey = try Samples.key(kind)
            fields.signatureKey = try Samples.key(authority)
            for algorithm in authority.signatureAlgorithms {
                let certificate = try Certificate(
                    toBeSigned: try fields.toBeSigned(),
                    signature: try Samples.signature(algorithm))
                #expect(certificate.fields == fields)
                #expect(certificate.line().hasPrefix("\(kind.certificateTypeName) "))
                #expect(try Certificate(line: certificate.line()) == certificate)
            }
        }
    }

    @Test("a key that cannot be verified yet is neither certified nor an authority's")
    func carriedKinds() throws {
        let carried = try Samples.key(.mldsa44Ed25519)
        #expect(
            try fault { $0.publicKey = carried }
                == "certificate type at byte 4: ssh-mldsa44-ed25519-cert-v01@openssh.com is not "
                + "certified yet")
        #expect(
            try fault { $0.signatureKey = carried }
                == "signature key at byte 192: ssh-mldsa44-ed25519@openssh.com is no key of an "
                + "authority")
    }

    @Test("the bytes are those of the draft, field after field")
    func bytes() throws {
        var fields = try Samples.fields()
        fields.signatureKey = try PublicKey(.ed25519(Samples.bytes(32, from: 50)))
        fields.nonce = Samples.bytes(16)
        fields.extensions = []
        let certificate = try Certificate(blob: RawCertificate().blob)
        #expect(try fields.toBeSigned() == certificate.toBeSigned)
        #expect(certificate.toBeSigned == Array(RawCertificate().blob.dropLast(4 + 83)))
    }

    @Test("options and extensions come out in the order of their names")
    func sorted() throws {
        var fields = try Samples.fields()
        fields.criticalOptions = [
            .verifyRequired, .sourceAddress(["::1"]), .forceCommand("/bin/true"),
        ]
        fields.extensions = CertificateExtension.allCases.reversed()
        let certificate = try Certificate(
            toBeSigned: try fields.toBeSigned(), signature: try Samples.signature(.ecdsaP256))
        #expect(certificate.fields.criticalOptions == fields.criticalOptions.reversed())
        #expect(certificate.fields.extensions == CertificateExtension.allCases)
        #expect(try certificate.fields.toBeSigned() == fields.toBeSigned())
    }

    @Test("an empty principal list is refused")
    func noPrincipals() throws {
        #expect(
            try fault { $0.validPrincipals = [] }
                == "valid principals at byte 133: there is none")
    }

    @Test("a list of 256 principals is taken and one of 257 refused")
    func principalCount() throws {
        #expect(
            try fault { $0.validPrincipals = (1...256).map { "u\($0)" } }.hasPrefix("taken"))
        #expect(
            try fault { $0.validPrincipals = (1...257).map { "u\($0)" } }
                .hasSuffix("more than 256 principals"))
    }

    @Test("empty, repeated and unfit principals are refused")
    func principals() throws {
        #expect(
            try fault { $0.validPrincipals = [""] } == "principal at byte 137: it is empty")
        #expect(
            try fault { $0.validPrincipals = ["a", "a"] }
                == "principal at byte 142: \"a\" is there twice")
        #expect(
            try fault { $0.validPrincipals = ["a,b"] } == "principal at byte 138: it has a comma")
        #expect(
            try fault { $0.validPrincipals = ["Zoë"] }
                == "principal at byte 139: byte c3 is not printable ASCII")
    }

    @Test("a nonce of 15 bytes, an empty key ID and an empty validity are refused")
    func others() throws {
        #expect(
            try fault { $0.nonce = Samples.bytes(15) }
                == "nonce at byte 40: 15 bytes are fewer than 16")
        #expect(try fault { $0.keyID = "" } == "key id at byte 124: it is empty")
        #expect(
            try fault { $0.validBefore = $0.validAfter }
                == "valid before at byte 150: 1000 is not after the start 1000")
    }

    @Test("options that are there twice are refused, whatever they say")
    func twice() throws {
        #expect(
            try fault { $0.criticalOptions = [.forceCommand("a"), .forceCommand("b")] }
                == "critical options at byte 192: \"force-command\" is there twice")
        #expect(
            try fault { $0.extensions = [.permitPTY, .permitPTY] }
                == "extensions at byte 188: \"permit-pty\" is there twice")
    }

    @Test("a host certificate takes neither options nor extensions")
    func host() throws {
        #expect(
            try fault {
                $0.kind = .host
                $0.extensions = []
            }.hasPrefix("taken"))
        #expect(
            try fault { $0.kind = .host }
                == "extensions at byte 166: a host certificate may have none")
        #expect(
            try fault {
                $0.kind = .host
                $0.extensions = []
                $0.criticalOptions = [.verifyRequired]
            } == "critical options at byte 162: a host certificate may have none")
    }

    @Test("option values that the wire could not hold apart are refused")
    func values() throws {
        #expect(
            try fault { $0.criticalOptions = [.forceCommand("")] }
                == "force-command at byte 187: it is empty")
        #expect(
            try fault { $0.criticalOptions = [.forceCommand("a\nb")] }
                == "force-command at byte 188: byte 0a is not printable ASCII")
        #expect(
            try fault { $0.criticalOptions = [.sourceAddress([])] }
                == "source-address at byte 188: an entry is empty")
        #expect(
            try fault { $0.criticalOptions = [.sourceAddress(["10.0.0.1,::1"])] }
                == "certificate at byte 0: the fields do not read back as they were given")
    }

    @Test("a FIDO key is no authority", arguments: [KeyKind.skEd25519, .skECDSA])
    func securityKey(kind: KeyKind) throws {
        #expect(
            try fault { $0.signatureKey = try Samples.key(kind) }
                == "signature key at byte 192: \(kind.rawValue) is no key of an authority")
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("SSHSIG")
struct SSHSIGTests {
    @Test(
        "every signature of ssh-keygen comes back byte for byte", arguments: Vectors.signatureNames)
    func vectors(name: String) throws {
        let armored = try Vectors.bytes("signatures/\(name).sig")
        let signature = try SSHSIG(armored: armored)
        #expect(Array(signature.armored.utf8) == armored)
        #expect(try SSHSIG(blob: signature.blob) == signature)
        let key = try Vectors.key("key-\(name == "sha256" ? "ed25519" : name)")
        #expect(signature.publicKey == key)
        #expect(signature.namespace == (name == "sha256" ? "file" : "conclave-test-v1"))
        #expect(signature.hashAlgorithm == (name == "sha256" ? .sha256 : .sha512))
        #expect(signature.signature.algorithm == key.kind.signatureAlgorithms.last)
        #expect(
            try SSHSIG(
                publicKey: signature.publicKey, namespace: signature.namespace,
                hashAlgorithm: signature.hashAlgorithm, signature: signature.signature
            ) == signature)
    }

    @Test(
        "every prefix is refused, and every byte behind the end",
        arguments: ["ed25519", "ecdsa256"])
    func prefixes(name: String) throws {
        let armored = try Vectors.bytes("signatures/\(name).sig")
        let blob = try SSHSIG(armored: armored).blob
        for length in blob.indices {
            #expect(throws: FormatError.self) { try SSHSIG(blob: Array(blob.prefix(length))) }
        }
        for length in 0..<(armored.count - 1) {
            #expect(throws: FormatError.self) {
                try SSHSIG(armored: Array(armored.prefix(length)))
            }
        }
        #expect(
            fault { try SSHSIG(blob: blob + [0]) }
                == "SSHSIG at byte \(blob.count): 1 bytes are left over")
    }

    @Test(
        "any change of one bit is refused or comes back as it is",
        arguments: ["ed25519", "ecdsa256"])
    func flips(name: String) throws {
        let armored = try Vectors.bytes("signatures/\(name).sig")
        let blob = try SSHSIG(armored: armored).blob
        for index in blob.indices {
            for bit in 0..<8 {
                var changed = blob
                changed[index] ^= 1 << bit
                guard let read = try? SSHSIG(blob: changed) else { continue }
                let again = try SSHSIG(
                    publicKey: read.publicKey, namespace: read.namespace,
                    hashAlgorithm: read.hashAlgorithm, signature: read.signature)
                #expect(again.blob == changed)
            }
        }
        for index in armored.indices {
            for bit in 0..<8 {
                var changed = armored
                changed[index] ^= 1 << bit
                guard let read = try? SSHSIG(armored: changed) else { continue }
                #expect(Array(read.armored.utf8) == changed)
            }
        }
    }

    @Test("FIDO signatures are carried", arguments: [Signature.Algorithm.skECDSA, .skEd25519])
    func securityKeys(algorithm: Signature.Algorithm) throws {
        let signature = try SSHSIG(
            publicKey: try Samples.key(algorithm.keyKind), namespace: "conclave-batch-v1",
            hashAlgorithm: .sha512, signature: try Samples.signature(algorithm))
        let read = try SSHSIG(armored: Array(signature.armored.utf8))
        #expect(read == signature)
        #expect(read.signature.securityKey == SecurityKeyAssertion(flags: 5, counter: 77))
    }

    @Test("a certificate is a signer, and its key made the signature")
    func certificates() throws {
        let certificate = try Certificate(blob: RawCertificate().blob)
        let signature = try SSHSIG(
            signer: .certificate(certificate), namespace: "file", hashAlgorithm: .sha256,
            signature: try Samples.signature(.ed25519))
        let read = try SSHSIG(armored: Array(signature.armored.utf8))
        #expect(read == signature)
        #expect(read.signer == .certificate(certificate))
        #expect(read.signer.certificate == certificate)
        #expect(read.signer.blob == certificate.blob)
        #expect(read.signer.line == certificate.line())
        #expect(read.publicKey == certificate.fields.publicKey)
        let plain = try SSHSIG(
            publicKey: certificate.fields.publicKey, namespace: "file", hashAlgorithm: .sha256,
            signature: try Samples.signature(.ed25519))
        #expect(plain.signer == .key(certificate.fields.publicKey))
        #expect(plain.signer.certificate == nil)
        #expect(plain.signer != signature.signer)
        #expect(
            fault {
                try SSHSIG(
                    signer: .certificate(certificate), namespace: "file", hashAlgorithm: .sha256,
                    signature: try Samples.signature(.ecdsaP256))
            }.hasSuffix(
                "ecdsa-sha2-nistp256 is not an algorithm of a ssh-ed25519 key"))
    }

    @Test("any change of one bit of a certificate's signature is refused or comes back as it is")
    func certificateFlips() throws {
        let blob = try SSHSIG(
            signer: .certificate(try Certificate(blob: RawCertificate().blob)), namespace: "file",
            hashAlgorithm: .sha256, signature: try Samples.signature(.ed25519)
        ).blob
        for length in blob.indices {
            #expect(throws: FormatError.self) { try SSHSIG(blob: Array(blob.prefix(length))) }
        }
        for index in blob.indices {
            for bit in 0..<8 {
                var changed = blob
                changed[index] ^= 1 << bit
                guard let read = try? SSHSIG(blob: changed) else { continue }
                let again = try SSHSIG(
                    signer: read.signer, namespace: read.namespace,
                    hashAlgorithm: read.hashAlgorithm, signature: read.signature)
                #expect(again.blob == changed)
            }
        }
    }

    @Test("the signed data are those of PROTOCOL.sshsig")
    func signedData() {
        #expect(
            SSHSIG.signedData(namespace: "file", hashAlgorithm: .sha256, messageHash: [1, 2])
                == Array("SSHSIG".utf8) + packed("file", "", "sha256") + [0, 0, 0, 2, 1, 2])
    }

    /// The bytes of a signature, part by part.
    private struct Raw {
        var magic = Array("SSHSIG".utf8)
        var version: UInt32 = 1
        var publicKey: [UInt8]
        var namespace = Array("file".utf8)
        var reserved: [UInt8] = []
        var hash = Array("sha512".utf8)
        var signature: [UInt8]

        init() throws {
            publicKey = try Samples.key(.ed25519).blob
            signature = try Samples.signature(.ed25519).blob
        }

        var blob: [UInt8] {
            var writer = WireWriter()
            writer.raw(magic)
            writer.uint32(version)
            for part in [publicKey, namespace, reserved, hash, signature] { writer.string(part) }
            return writer.bytes
        }
    }

    private func text(_ change: (inout Raw) throws -> Void) throws -> String {
        var raw = try Raw()
        try change(&raw)
        return fault { [raw] in try SSHSIG(blob: raw.blob).namespace }
    }

    @Test("each field is held to its definition")
    func fields() throws {
        #expect(try text { _ in } == "taken: file")
        #expect(
            try text { $0.magic = Array("SSHSIg".utf8) } == "magic at byte 0: it is not SSHSIG")
        #expect(try text { $0.version = 0 } == "version at byte 6: 0 is not 1")
        #expect(try text { $0.version = 2 } == "version at byte 6: 2 is not 1")
        #expect(try text { $0.publicKey = RawCertificate().blob } == "taken: file")
        #expect(
            try text { $0.publicKey = RawCertificate.with { $0.kind = 3 } }
                == "type at byte 100: 3 is neither 1 nor 2")
        #expect(
            try text { $0.publicKey = RawCertificate().blob + [0] }.hasPrefix("certificate at "))
        #expect(try text { $0.publicKey += [0] } == "public key at byte 65: 1 bytes are left over")
        #expect(try text { $0.namespace = [] } == "namespace at byte 69: it is empty")
        #expect(
            try text { $0.namespace = Array("a\u{0}".utf8) }
                == "namespace at byte 70: byte 00 is not printable ASCII")
        #expect(
            try text { $0.namespace = [UInt8](repeating: 0x61, count: 256) }.hasPrefix("taken"))
        #expect(
            try text { $0.namespace = [UInt8](repeating: 0x61, count: 257) }
                == "namespace at byte 69: 257 bytes exceed the limit of 256")
        #expect(
            try text { $0.reserved = [0] } == "reserved at byte 77: 1 bytes are left over")
        #expect(
            try text { $0.hash = Array("sha1".utf8) }
                == "hash algorithm at byte 81: \"sha1\" is not known")
        #expect(
            try text { $0.hash = Array("SHA512".utf8) }
                == "hash algorithm at byte 81: \"SHA512\" is not known")
        #expect(
            try text { $0.signature = try Samples.signature(.ecdsaP256).blob }
                == "signature algorithm at byte 91: ecdsa-sha2-nistp256 is not an algorithm of a "
                + "ssh-ed25519 key")
        #expect(
            try text { $0.signature += [0] } == "signature at byte 174: 1 bytes are left over")
    }

    @Test("a signature has the bytes of the longest certificate and 32 KiB at most")
    func length() {
        #expect(
            fault { try SSHSIG(blob: [UInt8](repeating: 0, count: 98_305)) }
                == "SSHSIG at byte 0: 98305 bytes exceed the limit of 98304")
        #expect(
            fault { try SSHSIG(blob: [UInt8](repeating: 0, count: 98_304)) }
                == "magic at byte 0: it is not SSHSIG")
    }
}

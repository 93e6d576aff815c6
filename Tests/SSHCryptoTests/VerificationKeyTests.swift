// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHFormats
import Testing

@testable import SSHCrypto

@Suite("Verification keys")
struct VerificationKeyTests {
    /// RFC 8032 section 7.1: key, message, signature.
    private static let ed25519: [(key: String, message: String, signature: String)] = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test("the examples of RFC 8032 verify", arguments: 0..<3)
    func examples(_ index: Int) throws {
        let vector = Self.ed25519[index]
        let key = try VerificationKey(try PublicKey(.ed25519(bytes(vector.key))))
        let signature = try Signature(
            algorithm: .ed25519, value: .ed25519(bytes(vector.signature)))
        try key.verify(signature, over: bytes(vector.message))
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try key.verify(signature, over: bytes(vector.message) + [0])
        }
    }

    @Test("an Ed25519 signature whose number is increased by the group's order is refused")
    func malleable() throws {
        let vector = Self.ed25519[0]
        let key = try VerificationKey(try PublicKey(.ed25519(bytes(vector.key))))
        var signature = bytes(vector.signature)
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            signature[32 + index] = UInt8(sum & 255)
            carry = sum >> 8
        }
        #expect(carry == 0)
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try key.verify(
                try Signature(algorithm: .ed25519, value: .ed25519(signature)), over: [])
        }
    }

    @Test("a signature of another algorithm is refused by name")
    func mismatch() throws {
        let openSSH = try OpenSSH()
        let p256 = try VerificationKey(
            try openSSH.makeKey("p256", KeygenKind.ecdsaP256.arguments))
        let rsa = try VerificationKey(try openSSH.makeKey("rsa", KeygenKind.rsa.arguments))
        let p384 = try Signature(algorithm: .ecdsaP384, value: .ecdsa(r: [1], s: [1]))
        #expect(
            failure { try p256.verify(p384, over: []) }
                == "signature algorithm ecdsa-sha2-nistp384 is not one of a key of kind "
                + "ecdsa-sha2-nistp256")
        #expect(
            failure { try rsa.verify(p384, over: []) }
                == "signature algorithm ecdsa-sha2-nistp384 is not one of a key of kind ssh-rsa")
    }

    @Test("an RSA signature is as long as the modulus and below it")
    func lengths() throws {
        let openSSH = try OpenSSH()
        let key = try VerificationKey(try openSSH.makeKey("key", KeygenKind.rsa.arguments))
        let message = Array("text".utf8)
        let sshsig = try openSSH.sign(message, with: "key", namespace: "file", hash: .sha512)
        let signed = SSHSIG.signedData(
            namespace: "file", hashAlgorithm: .sha512, messageHash: sha512(message))
        try key.verify(sshsig.signature, over: signed)
        guard case .rsa(let number) = sshsig.signature.value,
            case .rsa(_, let modulus) = key.publicKey.material
        else {
            Issue.record("not an RSA key")
            return
        }
        #expect(number.count == 256)
        for forged in [
            Array(number.dropFirst()), Array(number.dropLast()), [0] + number, number + [0],
            modulus, [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xFF, count: 256),
            [UInt8](repeating: 0, count: 255) + [1], [1],
        ] {
            let signature = try Signature(algorithm: .rsaSHA512, value: .rsa(forged))
            #expect(throws: SSHCryptoError(.wrongSignature)) {
                try key.verify(signature, over: signed)
            }
        }
        let relabelled = try Signature(algorithm: .rsaSHA256, value: .rsa(number))
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try key.verify(relabelled, over: signed)
        }
    }

    @Test("the numbers of an ECDSA signature are below the group's order", arguments: [1, 2])
    func range(_ which: Int) throws {
        // Others in this process use libcrypto too, and may leave errors on this thread.
        ERR_clear_error()
        let token = try SoftwareToken(.skECDSA, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        let signature = try token.sign([], application: "ssh:", flags: 1, counter: 1)
        guard case .ecdsa(let r, let s) = signature.value else {
            Issue.record("not an ECDSA signature")
            return
        }
        let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
        let forged = try [
            order, [UInt8](repeating: 0xFF, count: 32), [1],
        ].map { number in
            try Signature(
                algorithm: .skECDSA,
                value: .ecdsa(r: which == 1 ? number : r, s: which == 2 ? number : s),
                securityKey: signature.securityKey)
        }
        for signature in forged {
            #expect(throws: SSHCryptoError(.wrongSignature)) {
                try key.verify(signature, over: [])
            }
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test("a key that is not sane is refused with all its faults")
    func refused() throws {
        #expect(
            failure {
                _ = try VerificationKey(try PublicKey.rsa(Moduli.bits1024, exponent: 3))
            }
                == "key refused: RSA modulus of 1024 bits is shorter than 2048; "
                + "RSA exponent 3 is smaller than 65537")
        let short = try PublicKey.rsa(Moduli.bits1024)
        #expect(throws: SSHCryptoError.self) { try VerificationKey(short) }
        #expect(try VerificationKey(short, minimumRSABits: 1024).publicKey == short)
    }

    @Test("numbers that libcrypto does not take are an error of the call, and leave none behind")
    func library() throws {
        // Others in this process use libcrypto too, and may leave errors on this thread.
        ERR_clear_error()
        let point = [4] + [UInt8](repeating: 0, count: 64)
        #expect(
            failure { _ = try LibraryKey(.p256, point: point) }
                == "libcrypto: EVP_PKEY_fromdata: point is not on curve")
        #expect(ERR_peek_error() == 0)
    }

    @Test("errors that were in the queue before are left there")
    func queue() throws {
        ERR_clear_error()
        defer { ERR_clear_error() }
        #expect(EVP_MD_fetch(nil, "no such hash", nil) == nil)
        let before = ERR_peek_last_error()
        #expect(before != 0)
        let vector = Self.ed25519[0]
        let key = try VerificationKey(try PublicKey(.ed25519(bytes(vector.key))))
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try key.verify(
                try Signature(
                    algorithm: .ed25519, value: .ed25519([UInt8](repeating: 0xFF, count: 64))),
                over: [])
        }
        #expect(ERR_peek_last_error() == before)
    }

    @Test("one key serves several threads at once", arguments: KeygenKind.allCases)
    func threads(_ kind: KeygenKind) async throws {
        let openSSH = try OpenSSH()
        let key = try VerificationKey(try openSSH.makeKey("key", kind.arguments))
        let message = Array("text".utf8)
        let sshsig = try openSSH.sign(message, with: "key", namespace: "file", hash: .sha256)
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<50 {
                        let text = (task + round) % 2 == 0 ? message : message + [0]
                        do {
                            try sshsig.verify(message: text, namespace: "file", using: key)
                        } catch let error as SSHCryptoError {
                            guard error.reason == .wrongSignature else { throw error }
                            wrong += 1
                        }
                    }
                    return wrong
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 100)
    }
}

@Suite("DER")
struct DERTests {
    @Test("numbers are written in their shortest form")
    func numbers() {
        #expect(DER.sequence(of: []) == [0x30, 0])
        #expect(DER.sequence(of: [[0], []]) == [0x30, 6, 2, 1, 0, 2, 1, 0])
        #expect(
            DER.sequence(of: [[0x7F], [0x80], [0, 0, 1]])
                == [0x30, 10, 2, 1, 0x7F, 2, 2, 0, 0x80, 2, 1, 1])
    }

    @Test("lengths are in the short form below 128 and in the long form from there")
    func lengths() {
        for (count, header): (Int, [UInt8]) in [
            (127 - 2, [0x30, 0x7F]), (128 - 2, [0x30, 0x81, 0x80]),
            (255 - 3, [0x30, 0x81, 0xFF]), (256 - 3, [0x30, 0x82, 1, 0]),
        ] {
            let number = [UInt8](repeating: 1, count: count)
            let sequence = DER.sequence(of: [number])
            #expect(Array(sequence.prefix(header.count)) == header, "\(count)")
        }
    }
}

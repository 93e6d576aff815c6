// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Certificates by ssh-keygen")
struct CertificateTests {
    @Test("a certificate verifies with its authority's key only", arguments: KeygenKind.allCases)
    func genuine(_ kind: KeygenKind) throws {
        let openSSH = try OpenSSH()
        let authority = try openSSH.makeKey("authority", kind.arguments)
        let stranger = try openSSH.makeKey("stranger", kind.arguments)
        _ = try openSSH.makeKey("alice", ["ed25519"])
        let certificate = try openSSH.certify("alice", with: "authority")
        try certificate.verifySignature()
        try certificate.verifySignature(using: try VerificationKey(authority))
        #expect(
            failure {
                try certificate.verifySignature(using: try VerificationKey(stranger))
            } == "signature is by key \(authority.fingerprint), not \(stranger.fingerprint)")
    }

    @Test("every kind of key can be certified", arguments: KeygenKind.allCases)
    func subjects(_ kind: KeygenKind) throws {
        let openSSH = try OpenSSH()
        _ = try openSSH.makeKey("authority", ["ed25519"])
        let alice = try openSSH.makeKey("alice", kind.arguments)
        let certificate = try openSSH.certify("alice", with: "authority")
        #expect(certificate.fields.publicKey == alice)
        try certificate.verifySignature()
    }

    @Test("both RSA algorithms verify", arguments: ["rsa-sha2-256", "rsa-sha2-512"])
    func algorithms(_ algorithm: String) throws {
        let openSSH = try OpenSSH()
        _ = try openSSH.makeKey("authority", KeygenKind.rsa.arguments)
        _ = try openSSH.makeKey("alice", ["ed25519"])
        let certificate = try openSSH.certify(
            "alice", with: "authority", options: ["-t", algorithm])
        #expect(certificate.signature.algorithm.rawValue == algorithm)
        try certificate.verifySignature()
    }

    @Test("a certificate signed with SHA-1 is not even read")
    func sha1() throws {
        let openSSH = try OpenSSH()
        _ = try openSSH.makeKey("authority", KeygenKind.rsa.arguments)
        _ = try openSSH.makeKey("alice", ["ed25519"])
        #expect(throws: FormatError.self) {
            try openSSH.certify("alice", with: "authority", options: ["-t", "ssh-rsa"])
        }
    }

    @Test("no bit of a signature can be turned", arguments: KeygenKind.allCases)
    func signatureBits(_ kind: KeygenKind) throws {
        let openSSH = try OpenSSH()
        let authority = try openSSH.makeKey("authority", kind.arguments)
        _ = try openSSH.makeKey("alice", ["ed25519"])
        let certificate = try openSSH.certify("alice", with: "authority")
        let key = try VerificationKey(authority)
        var refused = 0
        var misread = 0
        for bit in 0..<8 * certificate.signature.blob.count {
            do {
                let forged = try Certificate(
                    toBeSigned: certificate.toBeSigned,
                    signature: try Signature(
                        blob: certificate.signature.blob.turning(bit: bit)))
                try forged.verifySignature(using: key)
                Issue.record("bit \(bit) turned, and the signature verifies")
            } catch let error as SSHCryptoError {
                #expect(error == SSHCryptoError(.wrongSignature))
                refused += 1
            } catch is FormatError {
                misread += 1
            }
        }
        // The numbers are most of the blob, and libcrypto is what refuses them.
        #expect(refused > misread)
    }

    @Test("no bit of a certificate can be turned")
    func allBits() throws {
        let openSSH = try OpenSSH()
        let authority = try openSSH.makeKey("authority", ["ed25519"])
        _ = try openSSH.makeKey("alice", ["ed25519"])
        let certificate = try openSSH.certify("alice", with: "authority")
        let key = try VerificationKey(authority)
        var refused = 0
        for bit in 0..<8 * certificate.blob.count {
            do {
                try Certificate(blob: certificate.blob.turning(bit: bit))
                    .verifySignature(using: key)
                Issue.record("bit \(bit) turned, and the certificate verifies")
            } catch is SSHCryptoError {
                refused += 1
            } catch is FormatError {
                continue
            }
        }
        #expect(refused > 8 * 100)
    }
}

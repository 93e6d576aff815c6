// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHCrypto
import SSHFormats
import Testing

@Suite("SSHSIG by ssh-keygen")
struct SSHSIGTests {
    private static let namespace = "request@conclave"
    private let message = Array("ceremony of the year\n".utf8)

    @Test(
        "a signature by ssh-keygen verifies",
        arguments: KeygenKind.allCases, SSHSIG.HashAlgorithm.allCases)
    func genuine(_ kind: KeygenKind, _ hash: SSHSIG.HashAlgorithm) throws {
        let openSSH = try OpenSSH()
        let key = try openSSH.makeKey("key", kind.arguments)
        for message in [message, [], [UInt8](repeating: 0, count: 100_000)] {
            let signature = try openSSH.sign(
                message, with: "key", namespace: Self.namespace, hash: hash)
            #expect(signature.publicKey == key)
            #expect(signature.hashAlgorithm == hash)
            let verified = try signature.verify(message: message, namespace: Self.namespace)
            #expect(verified.userPresent == nil)
            #expect(verified.userVerified == nil)
            #expect(verified.counter == nil)
            try signature.verify(
                message: message, namespace: Self.namespace, using: try VerificationKey(key))
        }
    }

    @Test("another message, namespace or key does not verify", arguments: KeygenKind.allCases)
    func other(_ kind: KeygenKind) throws {
        // Others in this process use libcrypto too, and may leave errors on this thread.
        ERR_clear_error()
        let openSSH = try OpenSSH()
        let key = try openSSH.makeKey("key", kind.arguments)
        let stranger = try openSSH.makeKey("stranger", kind.arguments)
        let signature = try openSSH.sign(
            message, with: "key", namespace: Self.namespace, hash: .sha512)
        for bit in 0..<8 * message.count {
            #expect(throws: SSHCryptoError(.wrongSignature)) {
                try signature.verify(
                    message: message.turning(bit: bit), namespace: Self.namespace)
            }
        }
        #expect(
            failure {
                try signature.verify(message: message + [0x0A], namespace: Self.namespace)
            } == "signature does not verify")
        #expect(
            failure { try signature.verify(message: message, namespace: "file") }
                == "signature is for namespace \"request@conclave\", not \"file\"")
        #expect(
            failure {
                try signature.verify(
                    message: message, namespace: Self.namespace,
                    using: try VerificationKey(stranger))
            } == "signature is by key \(key.fingerprint), not \(stranger.fingerprint)")
        let relabelled = try SSHSIG(
            publicKey: key, namespace: "file", hashAlgorithm: .sha512,
            signature: signature.signature)
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try relabelled.verify(message: message, namespace: "file")
        }
        let otherHash = try SSHSIG(
            publicKey: key, namespace: Self.namespace, hashAlgorithm: .sha256,
            signature: signature.signature)
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try otherHash.verify(message: message, namespace: Self.namespace)
        }
        let usurped = try SSHSIG(
            publicKey: stranger, namespace: Self.namespace, hashAlgorithm: .sha512,
            signature: signature.signature)
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try usurped.verify(message: message, namespace: Self.namespace)
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test("a signature by a key that is not sane counts for nothing")
    func insane() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        // With the key zero of order 4, R = 0 and S = 0 fit about every fourth message.
        let signature = try SSHSIG(
            publicKey: try PublicKey(.ed25519(zeros)), namespace: Self.namespace,
            hashAlgorithm: .sha512,
            signature: try Signature(algorithm: .ed25519, value: .ed25519(zeros + zeros)))
        #expect(
            failure { try signature.verify(message: message, namespace: Self.namespace) }
                == "key refused: Ed25519 key is a point of small order")
    }

    @Test(
        "a signature by a key that is no point of the curve is refused for that", arguments: [2, 7])
    func offCurve(y: UInt8) throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let key = try PublicKey(.ed25519([y] + zeros.dropFirst()))
        for half in [zeros, [1] + zeros.dropFirst(), [y] + zeros.dropFirst()] {
            let signature = try SSHSIG(
                publicKey: key, namespace: Self.namespace, hashAlgorithm: .sha512,
                signature: try Signature(algorithm: .ed25519, value: .ed25519(half + zeros)))
            for number in 0..<16 as Range<UInt8> {
                #expect(
                    failure { try signature.verify(message: [number], namespace: Self.namespace) }
                        == "key refused: Ed25519 key is not a point of the curve")
            }
        }
    }
}

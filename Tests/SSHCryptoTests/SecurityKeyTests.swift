// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Signatures by FIDO tokens")
struct SecurityKeyTests {
    private static let kinds: [KeyKind] = [.skECDSA, .skEd25519]
    private let message = Array("approved\n".utf8)

    @Test("a signature with a touch verifies and tells its counter", arguments: kinds)
    func touched(_ kind: KeyKind) throws {
        let token = try SoftwareToken(kind, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        let signature = try token.sign(
            message, application: "ssh:", flags: 0x01, counter: 0x0102_0304)
        let verified = try key.verify(signature, over: message)
        #expect(verified.userPresent == true)
        #expect(verified.userVerified == false)
        #expect(verified.counter == 0x0102_0304)
        let sshsig = try token.sshsig(message, namespace: "approval", flags: 0x01, counter: 9)
        #expect(try sshsig.verify(message: message, namespace: "approval").counter == 9)
    }

    @Test("a token's word on who touched it is told", arguments: kinds)
    func verifiedUser(_ kind: KeyKind) throws {
        let token = try SoftwareToken(kind, application: "ssh:conclave")
        let verified = try token.sshsig(message, namespace: "approval", flags: 0x05)
            .verify(message: message, namespace: "approval")
        #expect(verified.userPresent == true)
        #expect(verified.userVerified == true)
    }

    @Test(
        "a signature without a touch is refused unless the caller asks for less", arguments: kinds)
    func untouched(_ kind: KeyKind) throws {
        let token = try SoftwareToken(kind, application: "ssh:")
        for flags: UInt8 in [0x00, 0x04, 0xFE] {
            let signature = try token.sshsig(message, namespace: "approval", flags: flags)
            #expect(
                failure { try signature.verify(message: message, namespace: "approval") }
                    == "FIDO token signed without user presence")
            let verified = try signature.verify(
                message: message, namespace: "approval", requireUserPresence: false)
            #expect(verified.userPresent == false)
            #expect(verified.userVerified == (flags & 4 != 0))
        }
    }

    @Test("a signature for another application does not verify", arguments: kinds)
    func application(_ kind: KeyKind) throws {
        let token = try SoftwareToken(kind, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        for application in ["", "ssh", "ssh:x", "https://example.org"] {
            let signature = try token.sign(
                message, application: application, flags: 1, counter: 1)
            #expect(throws: SSHCryptoError(.wrongSignature)) {
                try key.verify(signature, over: message)
            }
        }
    }

    @Test("a changed counter, flag or message does not verify", arguments: kinds)
    func changed(_ kind: KeyKind) throws {
        let token = try SoftwareToken(kind, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        let signature = try token.sign(message, application: "ssh:", flags: 0, counter: 77)
        var changes: [SecurityKeyAssertion] = []
        changes += (0..<8).map { SecurityKeyAssertion(flags: 1 << $0, counter: 77) }
        changes += (0..<32).map { SecurityKeyAssertion(flags: 0, counter: 77 ^ (1 << $0)) }
        for change in changes {
            let forged = try Signature(
                algorithm: signature.algorithm, value: signature.value, securityKey: change)
            #expect(throws: SSHCryptoError(.wrongSignature)) {
                try key.verify(forged, over: message)
            }
        }
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try key.verify(signature, over: message + [0])
        }
        try key.verify(signature, over: message)
    }

    @Test("a token's key and a plain key of the same numbers do not stand for each other")
    func plain() throws {
        let token = try SoftwareToken(.skEd25519, application: "ssh:")
        guard case .skEd25519(let point, _) = token.publicKey.material else {
            Issue.record("not an Ed25519 key")
            return
        }
        let plain = try VerificationKey(try PublicKey(.ed25519(point)))
        let signature = try token.sign(message, application: "ssh:", flags: 1, counter: 1)
        #expect(
            failure { try plain.verify(signature, over: message) }
                == "signature algorithm sk-ssh-ed25519@openssh.com is not one of a key of kind "
                + "ssh-ed25519")
        let stripped = try Signature(algorithm: .ed25519, value: signature.value)
        #expect(throws: SSHCryptoError(.wrongSignature)) {
            try plain.verify(stripped, over: message)
        }
        #expect(
            failure {
                try VerificationKey(token.publicKey).verify(stripped, over: message)
            }
                == "signature algorithm ssh-ed25519 is not one of a key of kind "
                + "sk-ssh-ed25519@openssh.com")
    }
}

// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Allowed signers, asked in the process")
struct AllowedSignersTests {
    private let message = Array("approved\n".utf8)

    private func demand(
        touch: Bool = true, verification: Bool = false
    ) -> SignatureDemand {
        SignatureDemand(
            identity: "alice", namespace: "approval", time: 1_800_000_000,
            requiresUserPresence: touch, requiresUserVerification: verification)
    }

    /// What is said of a signature; nothing where it is taken.
    private func faults(
        _ signature: SSHSIG, key: PublicKey, demand: SignatureDemand
    ) throws -> [String] {
        let list = try AllowedSigners(parsing: Array("a* \(key.line)\n".utf8))
        do {
            let allowed = try list.verify(
                signature, messageHash: sha512(message), demand: demand)
            #expect(allowed.entry.line == 1)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test("a signature by a token behind a browser is judged by its touch like any other")
    func browsers() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh.example.org")
        let data = SSHSIG.signedData(
            namespace: "approval", hashAlgorithm: .sha512, messageHash: sha512(message))
        func sshsig(_ flags: UInt8) throws -> SSHSIG {
            try SSHSIG(
                publicKey: token.publicKey, namespace: "approval", hashAlgorithm: .sha512,
                signature: try token.signInBrowser(
                    data, origin: "https://ssh.example.org", flags: flags))
        }
        let key = token.publicKey
        #expect(try faults(sshsig(0x01), key: key, demand: demand()) == [])
        #expect(
            try faults(sshsig(0x00), key: key, demand: demand()) == [
                "FIDO token signed without user presence"
            ])
        #expect(try faults(sshsig(0x00), key: key, demand: demand(touch: false)) == [])
        #expect(
            try faults(sshsig(0x01), key: key, demand: demand(verification: true)) == [
                "FIDO token signed without user verification"
            ])
        #expect(try faults(sshsig(0x05), key: key, demand: demand(verification: true)) == [])
        #expect(
            try faults(sshsig(0x41), key: key, demand: demand()) == [
                "WebAuthn assertion refused: the flags speak of a new credential"
            ])
        let list = try AllowedSigners(parsing: Array("alice \(key.line)\n".utf8))
        let allowed = try list.verify(
            sshsig(0x05), messageHash: sha512(message), demand: demand())
        #expect(allowed.signature.origin == "https://ssh.example.org")
        #expect(allowed.signature.counter == 3)
    }

    @Test("who verifies by key alone takes no certificate for its key")
    func plainKeys() throws {
        let openSSH = try OpenSSH()
        let key = try openSSH.makeKey("key", ["ed25519"])
        _ = try openSSH.makeKey("ca", ["ed25519"])
        let certificate = try openSSH.certify("key", with: "ca")
        let plain = try openSSH.sign(
            message, with: "key", namespace: "approval", hash: .sha512)
        let certified = try SSHSIG(
            signer: .certificate(certificate), namespace: "approval", hashAlgorithm: .sha512,
            signature: plain.signature)
        #expect(
            failure { try certified.verify(message: message, namespace: "approval") }
                == "signature is made with a certificate, not with a plain key")
        let hash = sha512(message)
        #expect(
            try certified.verify(messageHash: hash, namespace: "approval").userPresent == nil)
        #expect(
            failure { _ = try certified.verify(messageHash: hash, namespace: "file") }
                == "signature is for namespace \"approval\", not \"file\"")
        #expect(
            try faults(certified, key: key, demand: demand()).first?.hasPrefix(
                "no line allows the certificate for key \(key.fingerprint) by ") == true)
    }

    @Test(
        "a message in pieces has the hash of the whole", arguments: SSHSIG.HashAlgorithm.allCases)
    func pieces(algorithm: SSHSIG.HashAlgorithm) {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        var hasher = MessageHasher(algorithm)
        for start in stride(from: 0, to: bytes.count, by: 777) {
            hasher.update(bytes[start..<min(start + 777, bytes.count)])
        }
        hasher.update([])
        let expected = algorithm == .sha256 ? SHA256Digest(hashing: bytes).bytes : sha512(bytes)
        #expect(hasher.finish() == expected)
        #expect(MessageHasher(algorithm).finish().count == (algorithm == .sha256 ? 32 : 64))
    }
}

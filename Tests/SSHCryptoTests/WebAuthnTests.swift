// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Signatures by FIDO tokens behind a web browser")
struct WebAuthnTests {
    private static let origin = "https://ssh.example.org"
    private let message = Array("approved\n".utf8)

    /// What a browser writes for `message`, with this origin and this end.
    private func clientData(
        type: String = "webauthn.get", message: String = "YXBwcm92ZWQK",
        origin: String = Self.origin,
        end: String = "}"
    ) -> [UInt8] {
        Array(#"{"type":"\#(type)","challenge":"\#(message)","origin":"\#(origin)"\#(end)"#.utf8)
    }

    @Test("a browser's signature verifies and tells the page's origin")
    func verifies() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh.example.org")
        let key = try VerificationKey(token.publicKey)
        let signature = try token.signInBrowser(message, origin: Self.origin, flags: 0x05)
        let verified = try key.verify(signature, over: message)
        #expect(verified.origin == Self.origin)
        #expect(verified.userPresent == true)
        #expect(verified.userVerified == true)
        #expect(verified.counter == 3)
        #expect(throws: SSHCryptoError.self) { try key.verify(signature, over: message + [0]) }
    }

    @Test("extensions are covered, and the flags must speak of them")
    func extensions() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        try key.verify(
            try token.signInBrowser(
                message, origin: Self.origin, flags: 0x81, extensions: [0xA0]), over: message)
        #expect(
            failure {
                try key.verify(
                    try token.signInBrowser(
                        message, origin: Self.origin, flags: 0x01, extensions: [0xA0]),
                    over: message)
            }
                == "WebAuthn assertion refused: there are extensions of which the flags do not speak"
        )
        #expect(
            failure {
                try key.verify(
                    try token.signInBrowser(message, origin: Self.origin, flags: 0x81),
                    over: message)
            } == "WebAuthn assertion refused: the flags speak of extensions, and there are none")
        #expect(
            failure {
                try key.verify(
                    try token.signInBrowser(message, origin: Self.origin, flags: 0x41),
                    over: message)
            } == "WebAuthn assertion refused: the flags speak of a new credential")
    }

    @Test("client data must begin with its type, the message and the origin")
    func clientData() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh:")
        let key = try VerificationKey(token.publicKey)
        func verdict(_ data: [UInt8], origin: String = Self.origin) -> String? {
            failure {
                try key.verify(
                    try token.signInBrowser(message, origin: origin, clientData: data),
                    over: message)
            }
        }
        for end in ["}", ",\"crossOrigin\":false}", ""] {
            try key.verify(
                try token.signInBrowser(
                    message, origin: Self.origin, clientData: clientData(end: end)),
                over: message)
        }
        let refusal =
            "WebAuthn assertion refused: the client data is not for this message and this origin"
        #expect(verdict(clientData(type: "webauthn.create")) == refusal)
        #expect(verdict(clientData(message: "YXBwcm92ZWQL")) == refusal)
        #expect(verdict(clientData(message: "YXBwcm92ZWQK=")) == refusal)
        #expect(verdict(clientData(origin: "https://evil.example.org")) == refusal)
        #expect(verdict([]) == refusal)
        #expect(verdict(Array(clientData().dropFirst())) == refusal)
        #expect(verdict(Array(clientData().prefix(80))) == refusal)
        let cunning = "https://ssh.example.org\",\"x\":\""
        #expect(
            verdict(clientData(origin: cunning), origin: cunning)
                == "WebAuthn assertion refused: the origin holds a quotation mark")
    }

    @Test("an Ed25519 token has no such signatures")
    func otherKind() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh:")
        let other = try SoftwareToken(.skEd25519, application: "ssh:")
        let signature = try token.signInBrowser(message, origin: Self.origin)
        #expect(
            failure { try VerificationKey(other.publicKey).verify(signature, over: message) }
                == "signature algorithm webauthn-sk-ecdsa-sha2-nistp256@openssh.com is not one of a "
                + "key of kind sk-ssh-ed25519@openssh.com")
    }

    @Test("ssh-keygen takes what verifies here, and refuses the same faults")
    func judge() throws {
        let token = try SoftwareToken(.skECDSA, application: "ssh:")
        let openSSH = try OpenSSH()
        let signed = SSHSIG.signedData(
            namespace: "approval", hashAlgorithm: .sha512, messageHash: sha512(message))
        let challenge = Base64.encodeURL(signed)
        let variants: [(data: [UInt8]?, flags: UInt8, extensions: [UInt8])] = [
            (nil, 0x01, []), (nil, 0x05, []), (nil, 0x81, [0xA0]), (nil, 0x81, []),
            (nil, 0x01, [0xA0]), (nil, 0x41, []), (clientData(message: challenge, end: ""), 1, []),
            (clientData(message: challenge + "=", end: "}"), 1, []),
            (clientData(type: "webauthn.create", message: challenge), 1, []),
            (clientData(message: challenge, origin: "https://other.example.org"), 1, []),
        ]
        for (index, variant) in variants.enumerated() {
            let signature = try token.signInBrowser(
                signed, origin: Self.origin, flags: variant.flags, extensions: variant.extensions,
                clientData: variant.data)
            let sshsig = try SSHSIG(
                publicKey: token.publicKey, namespace: "approval", hashAlgorithm: .sha512,
                signature: signature)
            let ours = (try? sshsig.verify(message: message, namespace: "approval")) != nil
            let theirs = try openSSH.checks(
                sshsig.armored, over: message, namespace: "approval", name: "signature-\(index)")
            #expect(ours == theirs, "variant \(index)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PKCS11Token

@Suite("Keys made on a token")
struct GenerationTests {
    /// What a key of ours is, by every attribute.
    static let flawless = ModuleClaims(
        sensitive: true, alwaysSensitive: true, extractable: false, neverExtractable: true,
        local: true, modifiable: false, isPrivate: true, sign: true, token: true,
        alwaysAuthenticate: false)

    @Test("every kind of key is made, has all attributes right, and its signatures verify")
    func everyKind() async throws {
        let token = try await TestToken("generation").openAndLogIn()
        let messages = [[], [1], [UInt8](repeating: 0xA5, count: 1000)] as [[UInt8]]
        for kind in CAKeyKind.allCases {
            let key = try await token.generate(KeyRequest(kind, label: "ca-\(kind)"))
            #expect(kind.describes(key.publicKey))
            #expect(key.label == "ca-\(kind)")
            #expect(key.id.count == 16)
            #expect(key.evidence == KeyEvidence(claims: Self.flawless))
            #expect(key.evidence.faults == [])
            #expect(try await token.find(key.publicKey) == key)
            let signatures = try await token.sign(messages, with: key.publicKey)
            let verifier = try VerificationKey(key.publicKey)
            #expect(signatures.count == messages.count)
            for (signature, message) in zip(signatures, messages) {
                _ = try verifier.verify(signature, over: message)
            }
            #expect(
                signatures[0].algorithm
                    == (key.publicKey.kind == .rsa
                        ? .rsaSHA512 : key.publicKey.kind.signatureAlgorithms.last))
        }
        let keys = try await token.keys()
        #expect(keys.count == CAKeyKind.allCases.count)
        #expect(Set(keys.map(\.id)).count == keys.count)
        let visible = try await token.publicKeys()
        #expect(Set(visible.map(\.key)) == Set(keys.map(\.publicKey)))
        await token.close()
    }
}

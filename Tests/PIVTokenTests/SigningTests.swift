// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHCrypto
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PIVToken

@Suite("Signing with a PIV card", .timeLimit(.minutes(20)))
struct SigningTests {
    @Test(
        "a key of each kind is made, found by its public half, and signs",
        arguments: [
            (CAKeyKind.ecdsaP256, "5.4.3"), (.ecdsaP384, "5.4.3"), (.rsa2048, "5.4.3"),
            (.ecdsaP256, "4.3.5"), (.ecdsaP256, "5.2.7"), (.rsa3072, "5.7.1"), (.ed25519, "5.7.1"),
        ])
    func everyKind(kind: CAKeyKind, firmware: String) async throws {
        let (bench, token, key) = try await Workbench.withKey(
            kind, firmware: firmware, attests: firmware < "5.3")
        defer { withExtendedLifetime(bench) {} }
        let found = try await token.find(key)
        #expect(found.publicKey == key)
        #expect(found.id == [0x9A])
        #expect(found.label == "slot 9a")
        #expect(try await token.keys().map(\.publicKey) == [key])
        let messages = [Array("one".utf8), [], Array(repeating: 7, count: 2000)]
        let signatures = try await token.sign(messages, with: key)
        let verification = try VerificationKey(key)
        for (message, signature) in zip(messages, signatures) {
            try verification.verify(signature, over: message)
        }
        await token.close()
        #expect(await tokenError { try await token.keys() }?.code == .closed)
    }

    @Test("nothing but the signature goes to the card, in one transaction for all messages")
    func noNeedlessCommands() async throws {
        let (bench, token, key) = try await Workbench.withKey()
        try await token.prepare(key)
        _ = try await token.sign([[1]], with: key)
        bench.line.clear()
        _ = try await token.sign([[1], [2], [3]], with: key)
        #expect(bench.line.calls == ["begin", "87", "87", "87", "end"])
    }

    @Test("where each signature wants the PIN, the application is selected once and it is verified")
    func pinEachTime() async throws {
        let (bench, token, key) = try await Workbench.withKey(slot: .signature)
        _ = try await token.sign([[1]], with: key)
        bench.line.clear()
        _ = try await token.sign([[1], [2]], with: key)
        #expect(bench.line.calls == ["begin", "a4", "f8", "20", "87", "20", "87", "end"])
    }
}

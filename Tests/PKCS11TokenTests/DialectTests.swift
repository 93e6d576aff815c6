// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SoftHSMSupport
import Testing
import Token
import TokenEvidence

@testable import PKCS11Token

@Suite("Dialects of PKCS#11")
struct DialectTests {
    @Test(
        "keys are made, found and signed with, however the module writes what it tells",
        arguments: [
            ["version 2.20"], ["version 3.2"], ["zeros"], ["raw-points"], ["curve-name"],
            // CKA_MODULUS_BITS, CKA_KEY_GEN_MECHANISM, CKA_ALLOWED_MECHANISMS, CKA_ALWAYS_AUTHENTICATE.
            ["without 289"], ["without 358"], ["without 1073743360"], ["without 514"],
            ["version 2.20", "zeros", "raw-points", "curve-name", "without 289", "without 358"],
        ])
    func dialect(lines: [String]) async throws {
        let serial = SoftHSM.makeToken("dialect")
        let front = FaultModule()
        for line in lines { front.tell(line) }
        let module = try PKCS11Module(path: front.path)
        let uri = TokenURI(token: "dialect", serial: serial)
        let token = try await module.open(uri)
        #expect(token.identity.model == "SoftHSM v2")
        try await token.login(try TestToken.pin())
        for kind in [CAKeyKind.ecdsaP256, .ecdsaP521, .ed25519, .rsa2048] {
            let key = try await token.generate(KeyRequest(kind, label: "\(kind)")).publicKey
            #expect(kind.describes(key))
            #expect(try await token.find(key).publicKey == key)
            let signatures = try await token.sign([[1], [2]], with: key)
            let verification = try VerificationKey(key)
            for (signature, message) in zip(signatures, [[1], [2]] as [[UInt8]]) {
                try verification.verify(signature, over: message)
            }
        }
        await token.close()
    }

    @Test("an attribute that decides whether a key may sign certificates is missed, and named")
    func missing() async throws {
        let serial = SoftHSM.makeToken("untold")
        let front = FaultModule()
        front.tell("without 355")
        let token = try await PKCS11Module(path: front.path).open(
            TokenURI(token: "untold", serial: serial))
        try await token.login(try TestToken.pin())
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        }
        #expect(error.code == .attributeFault)
        #expect(error.description.contains("CKA_LOCAL is not told, must be true"))
        await token.close()
    }
}

// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import SoftHSMSupport
import Testing
import Token
import TokenEvidence

@testable import PKCS11Token

@Suite("Signing")
struct SigningTests {
    @Test("two tokens sign side by side, 200 signatures each that verify")
    func sideBySide() async throws {
        func signatures(_ label: String) async throws -> Int {
            let token = try await TestToken(label).openAndLogIn()
            let key = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
            let verifier = try VerificationKey(key.publicKey)
            var count = 0
            for round in 0..<10 as Range<UInt8> {
                let messages = (0..<20 as Range<UInt8>).map { [round, $0] }
                let made = try await token.sign(messages, with: key.publicKey)
                for (signature, message) in zip(made, messages) {
                    _ = try verifier.verify(signature, over: message)
                    count += 1
                }
            }
            await token.close()
            return count
        }
        async let left = signatures("left")
        async let right = signatures("right")
        #expect(try await [left, right] == [200, 200])
    }

    @Test("a key that wants the PIN for each signature gets it each time")
    func alwaysAuthenticate() async throws {
        let token = try await TestToken(SoftHSM.alwaysAuthenticatingToken).openAndLogIn()
        let key = try #require(try await token.keys().first)
        #expect(key.evidence.claims?.alwaysAuthenticate == true)
        for text in ["one", "two", "three"] {
            let message = Array(text.utf8)
            let approval = try await token.approvalSignature(
                over: message, namespace: "conclave-batch-v1", key: key.publicKey)
            #expect(approval.publicKey == key.publicKey)
            #expect(approval.hashAlgorithm == .sha512)
            _ = try approval.verify(message: message, namespace: "conclave-batch-v1")
        }
        await token.close()
    }

    @Test("begin, log in, sign: one context login for each signature")
    func contextLogins() async throws {
        let hostile = HostileModule()
        hostile["always-authenticate"] = 1
        let token = try await hostile.openAndLogIn()
        let made = try await token.sign([[1], [2], [3]], with: HostileModule.publicKey)
        #expect(made.count == 3)
        #expect(hostile["context-logins"] == 3)
        #expect(hostile["logins"] == 1)
        await token.close()
    }

    @Test("a PIN that is refused for a signature is not tried for the next")
    func contextLoginRefused() async throws {
        let hostile = HostileModule()
        hostile["always-authenticate"] = 1
        let token = try await hostile.openAndLogIn()
        hostile["context-login-result"] = 0xA0
        let error = await refusal {
            _ = try await token.sign([[1], [2]], with: HostileModule.publicKey)
        }
        #expect(error.code == .pinIncorrect)
        #expect(error.operation == "C_Login")
        let again = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(again.code == .notLoggedIn)
        #expect(
            again.description
                == "token \"hostile\" (serial \"666\") wants the PIN for each signature, "
                + "and none was given")
        #expect(hostile["context-logins"] == 1)
        await token.close()
    }

    @Test("a key that is found once is not searched for again")
    func noSearch() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        try await token.prepare(HostileModule.publicKey)
        let searches = hostile["searches"]
        let reads = hostile["attribute-reads"]
        for _ in 0..<10 {
            _ = try await token.sign(
                [[UInt8]](repeating: [1], count: 10), with: HostileModule.publicKey)
        }
        #expect(hostile["signatures"] == 100)
        #expect(hostile["searches"] == searches)
        #expect(hostile["attribute-reads"] == reads)
        await token.close()
    }

    @Test("an officer's key signs an approval, verified, whatever its attributes")
    func approval() async throws {
        let token = try await TestToken("officer").openAndLogIn()
        for kind in [CAKeyKind.ecdsaP384, .rsa2048, .ed25519] {
            let key = try await token.generate(KeyRequest(kind, label: "officer-\(kind)"))
            let message = Array("conclave-batch: v1\n".utf8)
            let approval = try await token.approvalSignature(
                over: message, namespace: "conclave-batch-v1", key: key.publicKey)
            #expect(try SSHSIG(armored: Array(approval.armored.utf8)) == approval)
            _ = try approval.verify(message: message, namespace: "conclave-batch-v1")
        }
        await token.close()
    }

    @Test("an approval whose signature is wrong is not handed out")
    func wrongApproval() async throws {
        let hostile = HostileModule()
        hostile["wrong-signature"] = 1
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.approvalSignature(
                over: [1], namespace: "conclave-batch-v1", key: HostileModule.publicKey)
        }
        #expect(error.code == .wrongSignature)
        #expect(
            error.description
                == "signature by token \"hostile\" (serial \"666\") is refused: "
                + "signature does not verify")
        await token.close()
    }

    @Test("a wrong signature is refused, whichever of many it is", arguments: [0, 1, 30, 63])
    func wrongSignature(place: UInt) async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        try await token.prepare(HostileModule.publicKey)
        hostile["wrong-signature"] = place + 1
        let messages = (0..<64 as Range<UInt8>).map { [$0] }
        let error = await refusal {
            _ = try await token.sign(messages, with: HostileModule.publicKey)
        }
        #expect(error.code == .wrongSignature)
        #expect(
            error.description
                == "signature \(place + 1) of 64 by token \"hostile\" (serial \"666\") is refused: "
                + "signature does not verify")
        #expect(
            error.hint
                == "no signature was handed out; the token is broken, or another one than before")
        // The key is looked for anew.
        let searches = hostile["searches"]
        #expect(try await token.sign(messages, with: HostileModule.publicKey).count == 64)
        #expect(hostile["searches"] > searches)
        await token.close()
    }

    @Test("no message needs no signature")
    func nothing() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        #expect(try await token.sign([], with: HostileModule.publicKey).isEmpty)
        #expect(hostile["signatures"] == 0)
        await token.close()
    }

    @Test("a token that went away and is back is reopened, with its keys")
    func reopen() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["sign-result"] = 0x32
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .removed)
        hostile["token-info-result"] = 0xE0
        let absent = await refusal { try await token.reopen() }
        #expect(absent.code == .noToken)
        let closed = await refusal { _ = try await token.keys() }
        #expect(closed.code == .closed)
        hostile["token-info-result"] = 0
        hostile["serial"] = 667
        let other = await refusal { try await token.reopen() }
        #expect(other.code == .noToken)
        #expect(other.description.hasSuffix("there is: token \"hostile\" (serial \"667\")"))
        hostile["serial"] = 666
        hostile["sign-result"] = 0
        try await token.reopen()
        let locked = await refusal { _ = try await token.keys() }
        #expect(locked.code == .notLoggedIn)
        #expect(hostile["logins"] == 1, "no PIN goes to a token on its own")
        try await token.login(try PIN("1234".utf8))
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        await token.close()
        #expect(hostile["open-sessions"] == 0)
    }

    @Test("a signature of the wrong length is refused", arguments: [0, 63, 65, 132] as [UInt])
    func wrongLength(length: UInt) async throws {
        let hostile = HostileModule()
        hostile["signature-length"] = length
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .wrongSignature)
        #expect(
            error.description
                == "the token gave \(length) bytes, which no signature of a key of kind "
                + "ecdsa-p256 and 256 bits has")
        await token.close()
    }

    @Test("after a failure in the middle of a signature the next one goes through")
    func failureInBetween() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["sign-result"] = 0x6
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(
            error.description
                == "the token or its module failed (C_Sign: CKR_FUNCTION_FAILED, 0x6)")
        hostile["sign-result"] = 0
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        #expect(hostile["logins"] == 1)
        #expect(hostile["open-sessions"] == 2)
        await token.close()
    }

    @Test("where there is no new session after a failure, the token is gone")
    func noNewSession() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["sign-result"] = 0x6
        hostile["open-session-failures"] = 1
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .removed)
        #expect(
            error.description
                == "the token or its module failed, and then there was no new session "
                + "(the token or its module failed (C_OpenSession: CKR_GENERAL_ERROR, 0x5)) "
                + "(C_Sign: CKR_FUNCTION_FAILED, 0x6)")
        await token.close()
    }

    @Test(
        "a token that went away stays away until it is opened anew",
        arguments: [0x30, 0x31, 0x32, 0xB0, 0xB3, 0xE0, 0xE1] as [UInt])
    func removed(status: UInt) async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["sign-result"] = status
        let error = await refusal {
            _ = try await token.sign([[1], [2]], with: HostileModule.publicKey)
        }
        #expect(error.code == .removed)
        #expect(error.operation == "C_Sign")
        #expect(error.status == status)
        #expect(error.hint == "insert the token again, and open it anew")
        #expect(hostile["open-sessions"] == 0)
        #expect(hostile["finalizations"] == 1)
        hostile["sign-result"] = 0
        let still = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(still == error)
        await token.close()
        let anew = try await hostile.openAndLogIn()
        #expect(try await anew.sign([[1]], with: HostileModule.publicKey).count == 1)
        #expect(hostile["initializations"] == 2)
        await anew.close()
    }

    @Test("twins in the module are found out before anything is signed")
    func twins() async throws {
        let hostile = HostileModule()
        hostile["has-twin"] = 1
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .ambiguousKey)
        #expect(hostile["signatures"] == 0)
        await token.close()
    }

    @Test("the keys are there, and sign, when the token is opened anew")
    func reopened() async throws {
        let test = TestToken("reopened")
        let token = try await test.openAndLogIn()
        let key = try await token.generate(KeyRequest(.ecdsaP521, label: "ca"))
        await token.close()
        let anew = try await test.openAndLogIn()
        #expect(try await anew.keys() == [key])
        let signatures = try await anew.sign([[1, 2, 3]], with: key.publicKey)
        let first = try #require(signatures.first)
        _ = try VerificationKey(key.publicKey).verify(first, over: [1, 2, 3])
        await anew.close()
    }
}

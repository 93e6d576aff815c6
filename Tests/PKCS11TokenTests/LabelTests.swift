// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

@testable import PKCS11Token

@Suite("What a new key may be called, and what becomes of a bad one")
struct LabelTests {
    @Test("a label that is on the token already is refused, and nothing is made")
    func taken() async throws {
        let token = try await TestToken("labels").openAndLogIn()
        let key = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ed25519, label: "ca"))
        }
        #expect(error.code == .labelTaken)
        #expect(error.description == "label \"ca\" is on \(token.identity) already")
        #expect(try await token.keys() == [key])
        await token.close()
    }

    @Test(
        "a label is 1 to 64 printable characters",
        arguments: [
            ("a", true), (String(repeating: "a", count: 64), true), ("", false),
            (String(repeating: "a", count: 65), false), ("a b", false), ("a\n", false),
            ("schlüssel", false),
        ])
    func form(label: String, isTaken: Bool) async throws {
        let hostile = HostileModule()
        hostile["wrong-signature"] = 1
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP256, label: label))
        }
        // The signatures are wrong, so that every key ends in an error.
        #expect(error.code == (isTaken ? .wrongSignature : .unsupported))
        #expect(hostile["generations"] == (isTaken ? 1 : 0))
        if !isTaken {
            #expect(
                error.description.hasSuffix(
                    "is not 1 to 64 printable ASCII characters without blanks"))
        }
        await token.close()
    }

    @Test("without a login no key is made")
    func notLoggedIn() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        }
        #expect(error.code == .notLoggedIn)
        #expect(hostile["generations"] == 0)
        await token.close()
    }

    @Test("a new key whose first signature is wrong is refused, and stays where it is")
    func wrongSignature() async throws {
        let hostile = HostileModule()
        hostile["wrong-signature"] = 1
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        }
        #expect(error.code == .wrongSignature)
        #expect(
            error.description
                == "the new key \"ca\" is refused: its first signature is wrong: "
                + "signature by token \"hostile\" (serial \"666\") is refused: "
                + "signature does not verify")
        #expect(
            error.hint
                == "both objects are still on token \"hostile\" (serial \"666\"); to remove them: "
                + "pkcs11-tool --module \(hostile.path) --token-label \"hostile\" "
                + "--login --delete-object --type privkey "
                + "--id \(String(repeating: "07", count: 16)), and with --type pubkey")
        await token.close()
    }

    @Test("a new key with an attribute at fault is refused before it signs")
    func attributeFault() async throws {
        let hostile = HostileModule()
        hostile["extractable"] = 1
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        }
        #expect(error.code == .attributeFault)
        #expect(
            error.description
                == "the new key \"ca\" is refused: key \"key\" on token \"hostile\" "
                + "(serial \"666\") must not sign certificates: "
                + "CKA_EXTRACTABLE is true, must be false; "
                + "CKA_NEVER_EXTRACTABLE is false, must be true")
        #expect(error.hint?.contains("--delete-object") == true)
        #expect(hostile["signatures"] == 0)
        await token.close()
    }

    @Test("a key of another kind than was asked for is refused")
    func otherKind() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        let error = await refusal {
            _ = try await token.generate(KeyRequest(.ecdsaP384, label: "ca"))
        }
        #expect(error.code == .moduleFault)
        #expect(
            error.description
                == "the new key \"ca\" is refused: the token made no key of kind ecdsa-p384")
        await token.close()
    }
}

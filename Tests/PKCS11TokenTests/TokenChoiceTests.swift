// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

@testable import PKCS11Token

@Suite("Choosing a token")
struct TokenChoiceTests {
    @Test("two tokens with one label are ambiguous, and told apart by serial number")
    func twins() async throws {
        let serials = [TestToken("twin").uri.serial, TestToken("twin").uri.serial]
        let module = try TestToken.module()
        let twins = try module.tokens().map(\.identity).filter { $0.label == "twin" }
        #expect(Set(twins.map(\.serial)) == Set(serials))
        let error = await refusal { _ = try await module.open(TokenURI(token: "twin")) }
        #expect(error.code == .ambiguousToken)
        #expect(
            error.description
                == "2 tokens match \"pkcs11:token=twin\": \(twins[0]), \(twins[1])")
        #expect(error.description.contains(twins[0].serial))
        #expect(error.description.contains(twins[1].serial))
        for identity in twins {
            let token = try await module.open(TokenURI(serial: identity.serial))
            #expect(token.identity == identity)
            await token.close()
        }
        let both = try await module.open(twins[0].uri)
        #expect(both.identity == twins[0])
        await both.close()
    }

    @Test("where no token matches, the error says which there are")
    func absent() async throws {
        let hostile = HostileModule()
        let error = await refusal {
            _ = try await hostile.load().open(TokenURI(token: "other"))
        }
        #expect(error.code == .noToken)
        #expect(
            error.description
                == "no token matches \"pkcs11:token=other\"; "
                + "there is: token \"hostile\" (serial \"666\")")
        // Once more after a restart: a module may overlook a token at first.
        #expect(hostile["initializations"] == 2)
    }

    @Test("where no slot has a token, the error says so")
    func emptySlots() async throws {
        let hostile = HostileModule()
        hostile["token-info-result"] = 0xE0
        let error = await refusal { _ = try await hostile.open() }
        #expect(error.code == .noToken)
        #expect(
            error.description
                == "no token matches \"pkcs11:token=hostile\"; none of 1 slots has a token")
    }

    @Test("a slot whose token cannot be asked is reported, not passed over")
    func brokenSlot() async throws {
        let hostile = HostileModule()
        hostile["token-info-result"] = 0x30
        let error = await refusal { _ = try await hostile.open() }
        #expect(
            error.description
                == "no token matches \"pkcs11:token=hostile\"; there is: slot \"hostile slot\": "
                + "the token is gone (C_GetTokenInfo: CKR_DEVICE_ERROR, 0x30)")
    }

    @Test("a token that is not set up is never chosen")
    func blank() async throws {
        let hostile = HostileModule()
        hostile["token-flags"] = 0x4
        let error = await refusal { _ = try await hostile.open() }
        #expect(
            error.description
                == "no token matches \"pkcs11:token=hostile\"; "
                + "there is: a token that is not set up")
    }

    @Test("zero bytes and blanks that fill a field up are no part of the text")
    func padding() async throws {
        let identity = try HostileModule().load().tokens().map(\.identity)
        #expect(
            identity == [
                TokenIdentity(
                    label: "hostile", serial: "666", model: "none", manufacturer: "nobody")
            ])
    }

    @Test("a token is open once in a process, and free again after close")
    func openOnce() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        let error = await refusal { _ = try await hostile.open() }
        #expect(error.code == .tokenInUse)
        #expect(
            error.description
                == "token \"hostile\" (serial \"666\") is open already in this program")
        await token.close()
        let again = try await hostile.open()
        await again.close()
        let closed = await refusal { _ = try await token.keys() }
        #expect(closed.code == .closed)
        #expect(closed.description == "token \"hostile\" (serial \"666\") is closed")
    }

    @Test("a URI that names another module is refused")
    func otherModule() async throws {
        let hostile = HostileModule()
        let other = HostileModule()
        let error = await refusal {
            _ = try await hostile.load().open(
                TokenURI(token: "hostile", modulePath: other.path))
        }
        #expect(error.code == .noToken)
        let same = try await hostile.load().open(
            TokenURI(token: "hostile", modulePath: hostile.path))
        await same.close()
    }
}

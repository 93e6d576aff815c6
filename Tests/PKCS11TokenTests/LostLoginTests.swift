// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

@testable import PKCS11Token

@Suite("A login that another program's use of the token has ended")
struct LostLoginTests {
    @Test("is made anew, once, after a logout, with the PIN that was right before")
    func madeAnew() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        try await token.prepare(HostileModule.publicKey)
        hostile["lost-logins"] = 1
        #expect(try await token.sign([[1], [2]], with: HostileModule.publicKey).count == 2)
        #expect(hostile["logins"] == 2)
        #expect(hostile["logouts"] == 1)
        await token.close()
    }

    @Test("is an error where it is lost again at once, and nothing more is tried")
    func lostAgain() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["lost-logins"] = 2
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .notLoggedIn)
        #expect(
            error.description
                == "the token is not logged in (C_Sign: CKR_USER_NOT_LOGGED_IN, 0x101)")
        #expect(
            error.hint == "log in again; another program may have used the token meanwhile")
        #expect(hostile["logins"] == 2)
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        #expect(hostile["logins"] == 3)
        await token.close()
    }

    @Test("is not made anew with a PIN that is right no more: it is forgotten")
    func changedPIN() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["lost-logins"] = 1
        hostile["login-result"] = 0xA0
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .pinIncorrect)
        #expect(hostile["logins"] == 2)
        let again = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(again.code == .notLoggedIn)
        #expect(hostile["logins"] == 2)
        await token.close()
    }

    @Test(
        "is not made anew where a wrong PIN was given meanwhile",
        arguments: [0x10000, 0x20000, 0x40000] as [UInt])
    func fewTries(flag: UInt) async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["lost-logins"] = 1
        hostile["token-flags"] = 0x40C | flag
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .notLoggedIn)
        #expect(hostile["logins"] == 1)
        await token.close()
    }

    @Test("is found out before keys are searched, which would hide the private ones")
    func beforeSearch() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["logged-in"] = 0
        #expect(try await token.keys().count == 1)
        #expect(hostile["logins"] == 2)
        await token.close()
    }

    @Test("is not made anew on a token that has taken the place of the first")
    func otherToken() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["lost-logins"] = 1
        hostile["serial"] = 667
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .wrongToken)
        #expect(
            error.description
                == "token \"hostile\" (serial \"667\") is in the place of "
                + "token \"hostile\" (serial \"666\")")
        #expect(
            error.hint
                == "insert the token that was there, and open it anew; no PIN went to this one")
        #expect(hostile["logins"] == 1)
        let still = await refusal { try await token.login(try PIN("1234".utf8)) }
        #expect(still == error)
        #expect(hostile["logins"] == 1)
        await token.close()
    }

    @Test("logs in after a logout where no PIN is known, when asked")
    func withoutPIN() async throws {
        let hostile = HostileModule()
        hostile["login-result"] = 0x100
        hostile["token-flags"] = 0x40C | 0x100
        let token = try await hostile.open()
        try await token.login(nil)
        hostile["lost-logins"] = 1
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .notLoggedIn)
        #expect(hostile["logouts"] == 0)
        try await token.login(nil)
        #expect(hostile["logouts"] == 1)
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        await token.close()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

@testable import PKCS11Token

@Suite("Logging in")
struct LoginTests {
    @Test("a wrong PIN is refused with the call, its value and the flags, and is not tried again")
    func wrongPIN() async throws {
        let token = try await TestToken("wrongPIN").open()
        let before = try await token.information().flags
        #expect(!before.contains(.pinCountLow))
        let error = await refusal {
            try await token.login(try PIN("000000".utf8))
        }
        #expect(error.code == .pinIncorrect)
        #expect(error.operation == "C_Login")
        #expect(error.status == 0xA0)
        #expect(error.statusName == "CKR_PIN_INCORRECT")
        #expect(error.triesLeft == "fewer tries left than at first")
        #expect(
            error.description
                == "\(token.identity): the PIN is incorrect, fewer tries left than at first "
                + "(C_Login: CKR_PIN_INCORRECT, 0xa0)")
        #expect(try await token.information().flags.contains(.pinCountLow))
        let locked = await refusal { _ = try await token.keys() }
        #expect(locked.code == .notLoggedIn)
        try await token.login(try TestToken.pin())
        #expect(try await token.keys() == [])
        #expect(try await !token.information().flags.contains(.pinCountLow))
        await token.close()
    }

    @Test("one login is one call, whatever comes of it", arguments: [0x0, 0xA0, 0xA4, 0x5, 0x30])
    func oneCall(result: UInt) async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["login-result"] = result
        try? await token.login(try PIN("1234".utf8))
        #expect(hostile["logins"] == 1)
        await token.close()
    }

    @Test("the last try is not made unless it is allowed")
    func lastTry() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["token-flags"] = 0x40C | 0x20000
        let error = await refusal { try await token.login(try PIN("1234".utf8)) }
        #expect(error.code == .lastTry)
        #expect(
            error.description
                == "the PIN of token \"hostile\" (serial \"666\") was not tried, one try left")
        #expect(hostile["logins"] == 0)
        try await token.login(try PIN("1234".utf8), allowLastTry: true)
        #expect(hostile["logins"] == 1)
        await token.close()
    }

    @Test("a locked PIN is not tried, even where the last try is allowed")
    func locked() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["token-flags"] = 0x40C | 0x40000
        let error = await refusal {
            try await token.login(try PIN("1234".utf8), allowLastTry: true)
        }
        #expect(error.code == .pinLocked)
        #expect(
            error.description
                == "the PIN of token \"hostile\" (serial \"666\") is locked, no try left")
        #expect(hostile["logins"] == 0)
        await token.close()
    }

    @Test(
        "after each failure the flags are read anew",
        arguments: [
            (0xA0 as UInt, 0x40C as UInt, TokenError.Code.pinIncorrect, nil as String?),
            (0xA0, 0x10000, .pinIncorrect, "fewer tries left than at first"),
            (0xA0, 0x30000, .pinIncorrect, "one try left"),
            // The try that locks a token is still answered with "incorrect".
            (0xA0, 0x40000, .pinLocked, "no try left"),
            (0xA4, 0x40000, .pinLocked, "no try left"),
            // Some tokens lock without a flag.
            (0xA4, 0x40C, .pinLocked, nil),
            (0xA2, 0x40C, .pinIncorrect, nil),
        ])
    func flagsAfterFailure(
        result: UInt, flags: UInt, code: TokenError.Code, triesLeft: String?
    ) async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["login-result"] = result
        hostile["flags-after-login"] = flags
        let error = await refusal { try await token.login(try PIN("1234".utf8)) }
        #expect(error.code == code)
        #expect(error.status == result)
        #expect(error.triesLeft == triesLeft)
        await token.close()
    }

    @Test("a login that is there already is as good as one of ours")
    func alreadyLoggedIn() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["login-result"] = 0x100
        try await token.login(try PIN("1234".utf8))
        #expect(try await token.keys().count == 1)
        await token.close()
    }

    @Test("a token with a pad of its own is never given a PIN")
    func pinPad() async throws {
        let hostile = HostileModule()
        hostile["token-flags"] = 0x40C | 0x100
        let token = try await hostile.open()
        #expect(token.hasPINPad)
        try await token.login(nil)
        #expect(hostile["pin-was-null"] == 1)
        hostile["pin-was-null"] = 0
        try await token.login(try PIN("1234".utf8))
        #expect(hostile["pin-was-null"] == 1)
        await token.close()
    }

    @Test(
        "a PIN that is shorter or longer than the token takes is not tried",
        arguments: [
            (4, 8, "123", false), (4, 8, "1234", true), (4, 8, "12345678", true),
            (4, 8, "123456789", false),
            // What some modules tell is nothing to go by.
            (0, 0, "1", true), (8, 4, "123456", true),
        ] as [(UInt, UInt, String, Bool)])
    func length(minimum: UInt, maximum: UInt, pin: String, isTried: Bool) async throws {
        let hostile = HostileModule()
        hostile["minimum-pin"] = minimum
        hostile["maximum-pin"] = maximum
        let token = try await hostile.open()
        if isTried {
            try await token.login(try PIN(pin.utf8))
        } else {
            let error = await refusal { try await token.login(try PIN(pin.utf8)) }
            #expect(error.code == .pinLength)
            #expect(
                error.description
                    == "the PIN for token \"hostile\" (serial \"666\") is not of 4 to 8 "
                    + "characters; it was not tried")
        }
        #expect(hostile["logins"] == (isTried ? 1 : 0))
        await token.close()
    }

    @Test("a PIN that is not ASCII is not tried")
    func notASCII() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        let error = await refusal { try await token.login(try PIN("geheimß".utf8)) }
        #expect(error.code == .pinUnavailable)
        #expect(
            error.description
                == "the PIN for token \"hostile\" (serial \"666\") has a character that is not "
                + "ASCII; it was not tried")
        #expect(hostile["logins"] == 0)
        await token.close()
    }

    @Test("no PIN goes to a token that has taken the place of the one that was opened")
    func otherToken() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        hostile["serial"] = 667
        let error = await refusal { try await token.login(try PIN("1234".utf8)) }
        #expect(error.code == .wrongToken)
        #expect(hostile["logins"] == 0)
        await token.close()
    }

    @Test("a token without a pad needs a PIN")
    func noPIN() async throws {
        let hostile = HostileModule()
        let token = try await hostile.open()
        #expect(!token.hasPINPad)
        let error = await refusal { try await token.login(nil) }
        #expect(error.code == .pinUnavailable)
        #expect(
            error.description
                == "token \"hostile\" (serial \"666\") has no PIN pad, and no PIN was given")
        #expect(hostile["logins"] == 0)
        await token.close()
    }

    @Test("a second session's end does not log out, the last one's does")
    func sentinel() async throws {
        let test = TestToken("lifetime")
        let token = try await test.openAndLogIn()
        try await token.login(try TestToken.pin())
        #expect(try await token.keys() == [])
        await token.close()
        let again = try await test.open()
        let error = await refusal { _ = try await again.keys() }
        #expect(error.code == .notLoggedIn)
        #expect(error.description == "\(again.identity) is not logged in")
        await again.close()
    }
}
